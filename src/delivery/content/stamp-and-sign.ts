import { type DkimSigner, signHeaders } from '../../mail/dkim.ts'
import { bodyHash } from '../../mail/dkim-body.ts'
import { type HeaderField, joinMessage, prependFields } from '../../mail/header-block.ts'
import { applyFeedbackId, applyStamp, decideStamp, type StampOffer } from '../../mail/stamping.ts'

export interface Unstamped {
  fields: HeaderField[]
  body: Buffer
}

/**
 * The message as it goes out: a Feedback-ID, the header pair by the stamping rules, then one DKIM signature per key over
 * both of its fields (RFC 8058 §4). The body is not touched.
 */
export async function stampAndSign(
  { fields, body }: Unstamped,
  offer: StampOffer,
  keys: readonly DkimSigner[],
  time: number,
): Promise<Buffer> {
  const stamped = applyStamp(applyFeedbackId(fields, offer), decideStamp(fields, offer))
  if (keys.length === 0) return joinMessage(stamped, body)
  const signatures = await signHeaders({ fields: stamped, bodyHash: bodyHash(body), time }, keys)
  return joinMessage(prependFields(stamped, ...signatures), body)
}
