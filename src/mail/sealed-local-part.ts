import { createHmac, timingSafeEqual } from 'node:crypto'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
const MAC_BYTES = 5

/**
 * The local part of an address that only we can have made: a prefix, `-`, and in lower-case base32 (RFC 4648 §6) the
 * payload and 40 bits of HMAC-SHA-256. Base32, since others change the case. Payloads of different kinds have different
 * lengths, so that one is never taken for the other.
 */
export function sealLocalPart(prefix: string, payload: Buffer, key: Buffer): string {
  return `${prefix}-${toBase32(Buffer.concat([payload, macOf(key, payload)]))}`
}

/** The payload of such a local part, in upper or lower case; undefined when none of the keys made it. */
export function openLocalPart(
  prefix: string,
  payloadBytes: number,
  localPart: string,
  keys: Iterable<Buffer>,
): Buffer | undefined {
  const text = localPart.toLowerCase()
  const characters = Math.ceil(((payloadBytes + MAC_BYTES) * 8) / 5)
  const sealed = text.slice(prefix.length + 1)
  if (!text.startsWith(`${prefix}-`) || sealed.length !== characters || !/^[a-z2-7]*$/.test(sealed))
    return undefined
  const bytes = fromBase32(sealed)
  // Otherwise more than one text would stand for the same bytes.
  if (toBase32(bytes) !== sealed) return undefined
  const payload = bytes.subarray(0, payloadBytes)
  const mac = bytes.subarray(payloadBytes)
  return [...keys].some((key) => timingSafeEqual(mac, macOf(key, payload))) ? payload : undefined
}

function macOf(key: Buffer, payload: Buffer): Buffer {
  return createHmac('sha256', key).update(payload).digest().subarray(0, MAC_BYTES)
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
