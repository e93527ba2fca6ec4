import { refuseBeside } from '../../delivery/accept/check-content.ts'
import type { DeliveryRequest } from '../../delivery/accept/delivery-request.ts'
import { invalid } from '../../kernel/domain-error.ts'
import { headerFields, valuesOf } from '../../mail/header-block.ts'
import { decodeHeaderText } from '../../mail/header-text.ts'
import { decodeMailbox, decodeRaw } from './decode.ts'
import type { DeliveryBody } from './delivery-schemas.ts'

/** A delivery as it was sent, for whoever accepts it. Throws DomainError `invalid-value` naming the field. */
export function decodeDelivery(body: DeliveryBody): Omit<DeliveryRequest, 'service' | 'createdBy'> {
  const { from, replyTo, cc, bcc, raw: given, sendAt, ...rest } = body
  const mailboxes = (list: string[], field: string) =>
    list.map((mailbox, index) => decodeMailbox(mailbox, `${field}[${index}]`))
  const raw = given === undefined ? undefined : decodeRaw(given)
  refuseBeside(raw, { subject: body.subject })
  const subject = body.subject ?? (raw && subjectOf(raw))
  if (subject === undefined) throw invalid('subject', 'is needed')
  return {
    ...rest,
    from: decodeMailbox(from, 'from'),
    ...(replyTo === undefined ? {} : { replyTo: decodeMailbox(replyTo, 'replyTo') }),
    ...(cc === undefined ? {} : { cc: mailboxes(cc, 'cc') }),
    ...(bcc === undefined ? {} : { bcc: mailboxes(bcc, 'bcc') }),
    subject,
    ...(raw ? { raw } : {}),
    ...(sendAt === undefined ? {} : { sendAt: Date.parse(sendAt) }),
  }
}

/** The subject for the list of deliveries; the message itself is not touched. */
function subjectOf(raw: Buffer): string {
  const [subject = ''] = valuesOf(headerFields(raw), 'Subject')
  return decodeHeaderText(subject)
}
