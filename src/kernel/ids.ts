import { randomBytes } from 'node:crypto'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
const CLASS_ID = /^[a-z2-7]{16}$/

/** The id of a list in public URLs: 16 characters of lower-case base32 (RFC 4648 §6), 80 random bits. */
export function newClassId(): string {
  return Array.from(randomBytes(16), (byte) => ALPHABET[byte & 31]).join('')
}

export function isClassId(text: string): boolean {
  return CLASS_ID.test(text)
}
