import { type Language, pickLanguage } from '../kernel/texts.ts'
import { type HeaderField, valuesOf } from '../mail/header-block.ts'
import { soleMailbox } from '../mail/sole-mailbox.ts'
import type { Database } from '../storage/database.ts'
import type { AskToConfirm } from '../subscribers/confirm/ask-to-confirm.ts'
import { isOwnAddress } from '../subscribers/confirm/own-address.ts'
import type { JoinStatements } from '../subscribers/join.ts'
import { findSenders } from '../tenants/sender.ts'
import { findService, type Service } from '../tenants/service.ts'
import { headerOf } from './header-of.ts'
import { type InboundMail, type Judgement, notUnderstood } from './inbound-mail.ts'
import { provenanceOf, type Resolver } from './provenance.ts'

export interface SignUpParts {
  database: Database
  joinStatements: JoinStatements
  askToConfirm: AskToConfirm
  resolver: Resolver
  inboundDomain: string | undefined
}

const MOST_TEXT = 500
/** Names that mail systems write under (RFC 2142 §5, RFC 3834 §2): nobody joins a service under them. */
const OF_MAIL_SYSTEM = /^(?:mailer-daemon|postmaster)@/i

/**
 * 空メール: whoever writes to the service's address joins it and is taken off the lists of its senders and filters,
 * whatever the mail says. Anybody can write any From, so the mail has to prove where it is from, or else its sender has
 * to confirm by a link mailed to them, unless the service takes everyone's word. Mail from programs joins nobody and is
 * not answered (RFC 3834 §2); nor is mail that the From's own domain disowns, or that claims to be from ourselves.
 */
export async function judgeSignUp(
  { database, joinStatements, askToConfirm, resolver, inboundDomain }: SignUpParts,
  mail: InboundMail,
  serviceId: number,
): Promise<Judgement> {
  const service = await findService(database, serviceId)
  const fields = headerOf(mail.raw)
  const [value, another] = valuesOf(fields, 'From')
  const from = value === undefined || another !== undefined ? undefined : soleMailbox(value)
  if (service.settings.blankMail === 'off') return notUnderstood('sign-up', 'switched-off', { serviceId })
  if (!from) return notUnderstood('sign-up', 'no-sender', { serviceId })
  const known = { serviceId, address: from.address }
  const nothing = (what: string): Judgement => ({
    ...notUnderstood('sign-up', what, known),
    outcome: 'nothing',
    detail: { what },
  })
  if (mail.sender === '' || isAutomatic(fields) || OF_MAIL_SYSTEM.test(from.address)) {
    return nothing('automatic')
  }
  const senders = await findSenders(database, serviceId)
  if (isOwnAddress(from, senders, inboundDomain)) return nothing('own-address')
  const mode = service.settings.blankMail
  const provenance = mode === 'always' ? 'proven' : await provenanceOf(mail, from.domain, resolver)
  if (provenance === 'forged') return notUnderstood('sign-up', 'unverified-sender', known)
  if (provenance === 'unproven' || mode === 'confirm') {
    const language = languageOf(fields, service)
    const what = await askToConfirm({ service, recipient: from, via: 'blank-mail', language })
    if (what === 'no-sender') return notUnderstood('sign-up', 'no-sender-to-ask-from', known)
    const outcome = what === 'asked' ? 'asked' : 'nothing'
    return { ...notUnderstood('sign-up', what, known), outcome, detail: { what } }
  }
  const statements = await joinStatements({
    service,
    recipient: from,
    via: 'blank-mail',
    requestedAt: mail.receivedAt,
    evidence: {
      method: 'MAIL',
      clientAddress: mail.clientAddress ?? '',
      userAgent: valuesOf(fields, 'X-Mailer')[0]?.slice(0, MOST_TEXT) ?? null,
      keyId: null,
    },
  })
  return {
    ...{ kind: 'sign-up', outcome: 'joined', ...known, message: null, report: null },
    detail: { what: 'joined' },
    statements,
  }
}

function isAutomatic(fields: readonly HeaderField[]): boolean {
  const submitted = valuesOf(fields, 'Auto-Submitted').some((value) => !/^no\b/i.test(value))
  const listed = ['List-Id', 'List-Post', 'List-Unsubscribe'].some(
    (name) => valuesOf(fields, name).length > 0,
  )
  return (
    listed ||
    submitted ||
    valuesOf(fields, 'Precedence').some((value) => /^(?:bulk|junk|list)\b/i.test(value))
  )
}

/** The language that the sender's mail program asks for; phones ask for none. */
function languageOf(fields: readonly HeaderField[], { timeZone }: Service): Language {
  const asked = [...valuesOf(fields, 'Accept-Language'), ...valuesOf(fields, 'Content-Language')][0]
  if (asked !== undefined) return pickLanguage(asked)
  return timeZone === 'Asia/Tokyo' ? 'ja' : 'en'
}
