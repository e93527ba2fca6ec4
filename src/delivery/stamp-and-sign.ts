import { bodyHash, signHeaders } from '../mail/dkim.ts'
import { type HeaderField, joinMessage, prependFields } from '../mail/header-block.ts'
import { applyStamp, decideStamp, type StampOffer } from '../mail/stamping.ts'
import type { SigningKey } from './dkim-store.ts'

export interface Unstamped {
  fields: HeaderField[]
  body: Buffer
}

/**
 * The message as it goes out: the header pair by the stamping rules, then one DKIM signature per key over both of its fields
 * (RFC 8058 §4). The body is not touched.
 */
export async function stampAndSign(
  { fields, body }: Unstamped,
  offer: StampOffer,
  keys: readonly SigningKey[],
  time: number,
): Promise<Buffer> {
  const stamped = applyStamp(fields, decideStamp(fields, offer))
  if (keys.length === 0) return joinMessage(stamped, body)
  const hash = bodyHash(body)
  const signatures = await Promise.all(
    keys.map(({ domain, selector, privateKey }) =>
      signHeaders({ fields: stamped, bodyHash: hash, domain, selector, privateKey, time }),
    ),
  )
  return joinMessage(prependFields(stamped, ...signatures), body)
}
