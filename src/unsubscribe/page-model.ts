import type { Language } from '../kernel/texts.ts'
import type { Button, NoticeView } from '../pages/notice-page.ts'
import { type LinkedListKind, type ListState, PAGE_TEXTS, type PlainState } from './page-texts.ts'

/** An answer about one list. `action` is the path that its button POSTs to; without it there is no button. */
export type ListSubject = {
  readonly language: Language
  readonly state: ListState
  /** `label` is the From address, or the name of a filter's list. */
  readonly list: { readonly kind: LinkedListKind; readonly label: string }
  /** Masked: the page may be opened by whoever the mail was forwarded to. */
  readonly recipient?: string
  readonly stopAction?: string
  readonly resumeAction?: string
  /** The service's own text for this state, in place of Kaijo's sentence. */
  readonly ownLead?: string | undefined
  /** Other lists of the service, each with a button of its own. */
  readonly others?: readonly {
    readonly list: ListSubject['list']
    readonly stopped: boolean
    readonly stopAction: string
  }[]
}

export type PageSubject = ListSubject | { readonly language: Language; readonly state: PlainState }

/** Puts one answer of the public endpoint into words, with the one button that leads on from it. */
export function pageModel(subject: PageSubject): NoticeView {
  const { language } = subject
  const texts = PAGE_TEXTS[language]
  if (!('list' in subject))
    return { language, ...texts.plain[subject.state], facts: [], notes: [], others: [] }

  const { state, list, recipient } = subject
  const { title, lead, notes = [] } = texts.onList[state](texts.mailOf[list.kind])
  const stopped = state === 'stopped' || state === 'already-stopped'
  const button = stopped ? resumeButton(subject) : stopButton(subject)
  return {
    language,
    title,
    lead: subject.ownLead ?? lead,
    facts: [
      { label: texts.listLabel[list.kind], value: list.label },
      ...(recipient ? [{ label: texts.recipientLabel, value: recipient }] : []),
    ],
    notes: stopped && button ? [...notes, texts.resumeNote] : notes,
    ...(button && { button }),
    others: others(subject),
  }
}

function others({ language, others = [] }: ListSubject): NoticeView['others'] {
  const texts = PAGE_TEXTS[language]
  return others.map(({ list, stopped, stopAction }) => ({
    label: `${texts.listLabel[list.kind]}: ${list.label}`,
    ...(stopped ? { note: texts.alreadyStopped } : { button: postButton(texts.stopButton, stopAction) }),
  }))
}

/** POSTs what a mailbox provider would (RFC 8058 section 3.2), so that both take the same path. */
function postButton(label: string, action: string): Button {
  return { label, action, fields: { 'List-Unsubscribe': 'One-Click' } }
}

function stopButton({ language, stopAction }: ListSubject): Button | undefined {
  if (stopAction === undefined) return undefined
  return postButton(PAGE_TEXTS[language].stopButton, stopAction)
}

function resumeButton({ language, resumeAction }: ListSubject): Button | undefined {
  if (resumeAction === undefined) return undefined
  return { label: PAGE_TEXTS[language].resumeButton, action: resumeAction, fields: {} }
}
