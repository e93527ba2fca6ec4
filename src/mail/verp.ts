import { openLocalPart, sealLocalPart } from './sealed-local-part.ts'

/** The message that a bounce is about. */
export interface BouncedMessage {
  /** 0 to 255. */
  bucket: number
  /** A safe integer. */
  messageId: number
}

const PREFIX = 'b'
const ID_BYTES = 7
const PAYLOAD_BYTES = 1 + ID_BYTES

/**
 * The envelope sender of one message of ours, to which its bounces come back: `b-` and, sealed, bucket and id. The
 * local part has 23 octets: some bounce systems truncate at 40.
 */
export function makeVerp({
  bucket,
  messageId,
  key,
  domain,
}: BouncedMessage & { key: Buffer; domain: string }): string {
  const bytes = Buffer.alloc(PAYLOAD_BYTES)
  bytes.writeUInt8(bucket, 0)
  bytes.writeUInt8(Math.floor(messageId / 2 ** 48), 1)
  bytes.writeUIntBE(messageId % 2 ** 48, 2, ID_BYTES - 1)
  return `${sealLocalPart(PREFIX, bytes, key)}@${domain}`
}

/**
 * Reads such an address, in upper or lower case; undefined when none of the keys made it. Whether the domain is ours is
 * for the caller to check.
 */
export function readVerp(address: string, keys: Iterable<Buffer>): BouncedMessage | undefined {
  const localPart = address.slice(0, Math.max(0, address.indexOf('@')))
  const bytes = openLocalPart(PREFIX, PAYLOAD_BYTES, localPart, keys)
  if (!bytes) return undefined
  const messageId = bytes.readUInt8(1) * 2 ** 48 + bytes.readUIntBE(2, ID_BYTES - 1)
  return { bucket: bytes.readUInt8(0), messageId }
}
