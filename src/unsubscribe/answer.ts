import { maskAddress } from '../kernel/address.ts'
import type { Language } from '../kernel/texts.ts'
import type { NoticeView } from '../pages/notice-page.ts'
import type { List } from '../tenants/list.ts'
import type { PublicLook } from '../tenants/page-directory.ts'
import type { OwnTexts } from '../tenants/service-page.ts'
import type { Accepted, Outcome } from './accept-request.ts'
import type { FoundPage } from './find-page.ts'
import type { OtherList } from './other-lists.ts'
import { type ListSubject, pageModel } from './page-model.ts'
import type { ListState } from './page-texts.ts'
import type { PublicTarget } from './read-target.ts'

export interface Answer {
  status: number
  view: NoticeView
}

/** Where the page's buttons post: paths on this origin. */
export interface Actions {
  stop: string
  resume: string | undefined
}

/** In whose look and words, and in which language, an answer is given. */
export interface Voice {
  language: Language
  texts: PublicLook['texts']
}

/** Which of a service's own texts goes with each state. */
const OWN_TEXT: Record<ListState, keyof OwnTexts> = {
  ask: 'ask',
  stopped: 'stopped',
  'already-stopped': 'alreadyStopped',
  resumed: 'resumed',
}

/** The status of each outcome. A request for a known class is always answered 200, whatever became of its token. */
const STATUS: Record<Outcome, number> = {
  excluded: 200,
  resumed: 200,
  journaled: 200,
  'opaque-kept': 200,
  nobody: 200,
  'opaque-refused': 400,
  'unknown-key': 200,
  'broken-token': 200,
  'unknown-class': 404,
}

/** The answer to whoever made the request. */
export function answerTo(target: PublicTarget, accepted: Accepted, voice: Voice, actions: Actions): Answer {
  const { language } = voice
  const status = STATUS[accepted.outcome]
  const state = stateAfter(target, accepted)
  if (!state) return { status, view: pageModel({ language, state: 'nothing-to-do' }) }
  if (!accepted.list) return { status, view: pageModel({ language, state: 'taken' }) }
  return { status, view: listView(state, accepted, accepted.list, voice, actions) }
}

/** The page that a GET shows before anything is asked. */
export function pageOf(found: FoundPage, voice: Voice, actions: Actions): Answer {
  const { language } = voice
  if (!found.list) return { status: 404, view: pageModel({ language, state: 'nothing-to-do' }) }
  const state = found.excluded ? 'already-stopped' : 'ask'
  return { status: 200, view: listView(state, found, found.list, voice, actions, found.others) }
}

/** Our own failure. The request was not taken; a provider may repeat it. */
export function unavailable(language: Language): Answer {
  return { status: 503, view: pageModel({ language, state: 'unavailable' }) }
}

/** For a link that leads nowhere; does not tell whether it ever led anywhere. */
export function nothingToDo(language: Language, status = 200): Answer {
  return { status, view: pageModel({ language, state: 'nothing-to-do' }) }
}

function stateAfter({ kind }: PublicTarget, { outcome, opened }: Accepted): ListState | undefined {
  if (outcome === 'resumed') return 'resumed'
  if (outcome === 'journaled' && kind === 'opaque') return 'stopped'
  if (outcome === 'journaled') return opened && (kind === 'resume' ? 'resumed' : 'stopped')
  return outcome === 'excluded' || outcome === 'opaque-kept' ? 'stopped' : undefined
}

function listView(
  state: ListState,
  { opened }: Pick<Accepted, 'opened'>,
  list: List,
  { language, texts }: Voice,
  actions: Actions,
  others: readonly OtherList[] = [],
): NoticeView {
  return pageModel({
    language,
    state,
    list: named(list),
    ownLead: texts[language][OWN_TEXT[state]],
    others: others.map((other) => ({
      list: named(other.list),
      stopped: other.excluded,
      stopAction: other.stop,
    })),
    ...(opened && { recipient: maskAddress(opened.recipient) }),
    stopAction: actions.stop,
    ...(opened && actions.resume && { resumeAction: actions.resume }),
  })
}

function named({ kind, label }: List): ListSubject['list'] {
  return { kind: kind === 'filter' ? 'filter' : 'sender', label }
}
