import { createHmac, timingSafeEqual } from 'node:crypto'

/** The message that a bounce is about. */
export interface BouncedMessage {
  /** 0 to 255. */
  bucket: number
  /** A safe integer. */
  messageId: number
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
const ID_BYTES = 7
const PAYLOAD_BYTES = 1 + ID_BYTES
const MAC_BYTES = 5
const BYTES = PAYLOAD_BYTES + MAC_BYTES
const CHARACTERS = Math.ceil((BYTES * 8) / 5)
const PATH = new RegExp(`^b-([a-z2-7]{${CHARACTERS}})@`, 'i')

/**
 * The envelope sender of one message of ours, to which its bounces come back: `b-` and, in lower-case base32 (RFC 4648 §6),
 * bucket, id and 40 bits of HMAC-SHA-256. Base32 since others fold the case; a local part of 23 octets since some
 * bounce systems cut at 40.
 */
export function makeVerp({
  bucket,
  messageId,
  key,
  domain,
}: BouncedMessage & { key: Buffer; domain: string }): string {
  const bytes = Buffer.alloc(BYTES)
  bytes.writeUInt8(bucket, 0)
  bytes.writeUInt8(Math.floor(messageId / 2 ** 48), 1)
  bytes.writeUIntBE(messageId % 2 ** 48, 2, ID_BYTES - 1)
  macOf(key, bytes).copy(bytes, PAYLOAD_BYTES)
  return `b-${toBase32(bytes)}@${domain}`
}

/**
 * Reads such an address, in any case; undefined when none of the keys made it. Whether the domain is ours is the caller's
 * to ask.
 */
export function readVerp(address: string, keys: Iterable<Buffer>): BouncedMessage | undefined {
  const text = PATH.exec(address)?.[1]?.toLowerCase()
  const bytes = text && fromBase32(text)
  // More than one text would stand for the same bytes otherwise.
  if (!bytes || toBase32(bytes) !== text) return undefined
  const mac = bytes.subarray(PAYLOAD_BYTES)
  const made = [...keys].some((key) => timingSafeEqual(mac, macOf(key, bytes)))
  if (!made) return undefined
  const messageId = bytes.readUInt8(1) * 2 ** 48 + bytes.readUIntBE(2, ID_BYTES - 1)
  return { bucket: bytes.readUInt8(0), messageId }
}

function macOf(key: Buffer, bytes: Buffer): Buffer {
  const mac = createHmac('sha256', key).update(bytes.subarray(0, PAYLOAD_BYTES)).digest()
  return mac.subarray(0, MAC_BYTES)
}

function toBase32(bytes: Buffer): string {
  let text = ''
  let [held, bits] = [0, 0]
  for (const byte of bytes) {
    held = ((held & 0x1f) << 8) | byte
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET[(held >> (bits - 5)) & 31]
  }
  return bits === 0 ? text : text + ALPHABET[(held << (5 - bits)) & 31]
}

function fromBase32(text: string): Buffer {
  const bytes: number[] = []
  let [held, bits] = [0, 0]
  for (const character of text) {
    held = ((held & 0xff) << 5) | ALPHABET.indexOf(character)
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes.push((held >> bits) & 0xff)
    }
  }
  return Buffer.from(bytes)
}
