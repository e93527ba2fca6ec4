import { parseHeaderBlock, splitMessage, valuesOf } from '../mail/header-block.ts'
import { soleMailbox } from '../mail/sole-mailbox.ts'
import type { Database } from '../storage/database.ts'
import type { Join } from '../subscribers/join.ts'
import { findService } from '../tenants/service.ts'
import { type InboundMail, type Judgement, notUnderstood } from './inbound-mail.ts'
import { isFromSender, type Resolver } from './is-from-sender.ts'

export interface SignUpParts {
  database: Database
  join: Join
  resolver: Resolver
}

const MOST_HEAD = 262_144
const MOST_TEXT = 500

/**
 * 空メール: whoever writes to the service's address joins it and is taken off the lists of its senders and filters, whatever the mail
 * says. Anybody can write any From, so the mail has to prove where it is from, unless the service takes everyone's word. What
 * programs send joins nobody (RFC 3834 §2).
 */
export async function judgeSignUp(
  { database, join, resolver }: SignUpParts,
  mail: InboundMail,
  serviceId: number,
): Promise<Judgement> {
  const service = await findService(database, serviceId)
  const fields = parseHeaderBlock(splitMessage(mail.raw).head.subarray(0, MOST_HEAD))
  const [value, another] = valuesOf(fields, 'From')
  const from = value === undefined || another !== undefined ? undefined : soleMailbox(value)
  if (service.settings.blankMail === 'off') return notUnderstood('sign-up', 'switched-off', { serviceId })
  if (!from) return notUnderstood('sign-up', 'no-sender', { serviceId })
  const known = { serviceId, address: from.address }
  if (mail.sender === '' || isAutomatic(fields)) {
    const what = 'automatic'
    return { ...notUnderstood('sign-up', what, known), outcome: 'nothing', detail: { what } }
  }
  const trusted = service.settings.blankMail === 'always'
  if (!trusted && !(await isFromSender(mail, from.domain, resolver))) {
    return notUnderstood('sign-up', 'unverified-sender', known)
  }
  const { created, joined, lifted } = await join({
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
    ...{ kind: 'sign-up', outcome: 'joined', ...known, message: null, report: null, statements: [] },
    detail: { created, joined, lifted },
  }
}

function isAutomatic(fields: ReturnType<typeof parseHeaderBlock>): boolean {
  const submitted = valuesOf(fields, 'Auto-Submitted').some((value) => !/^no\b/i.test(value))
  return submitted || valuesOf(fields, 'Precedence').some((value) => /^(?:bulk|junk|list)\b/i.test(value))
}
