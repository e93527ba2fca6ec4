import type { SMTPServerEnvelope } from 'smtp-server'
import type { DeliveryRequest } from '../../delivery/accept/delivery-request.ts'
import type { Address } from '../../kernel/address.ts'
import { invalid } from '../../kernel/domain-error.ts'
import { type HeaderField, valuesOf } from '../../mail/header-block.ts'
import { decodeHeaderText } from '../../mail/header-text.ts'
import { withCrlf } from '../../mail/line-breaks.ts'
import { soleMailbox } from '../../mail/sole-mailbox.ts'
import { takeControlFields } from './control-fields.ts'

/**
 * A mail transaction as a delivery, for whoever accepts it. Throws DomainError `invalid-value` for a message without
 * exactly one mailbox in exactly one From, and for invalid control fields.
 */
export function decodeTransaction(
  envelope: SMTPServerEnvelope,
  content: Buffer,
): Omit<DeliveryRequest, 'service' | 'createdBy'> {
  // Done first: to other software a bare CR is a line break, and could hide a field.
  const { raw, fields, transactional, reference } = takeControlFields(withCrlf(content))
  return {
    from: { address: fromOf(fields).address },
    subject: decodeHeaderText(valuesOf(fields, 'Subject')[0] ?? ''),
    raw,
    recipients: envelope.rcptTo.map(({ address }) => ({ to: address })),
    ...(reference === undefined ? {} : { reference }),
    ...(envelope.mailFrom ? { returnPath: envelope.mailFrom.address } : {}),
    ...(envelope.smtpUtf8 ? { smtpUtf8: true } : {}),
    transactional,
  }
}

/** RFC 5322 §3.6 wants one From. It may name several authors, but a list belongs to one. */
function fromOf(fields: readonly HeaderField[]): Address {
  const values = valuesOf(fields, 'From')
  const [value = ''] = values
  if (values.length !== 1) {
    throw invalid('raw', values.length === 0 ? 'has no From field' : 'has more than one From field')
  }
  const from = soleMailbox(value)
  if (!from) throw invalid('raw', 'must name exactly one mailbox in From')
  return from
}
