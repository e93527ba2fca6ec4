import { createHash } from 'node:crypto'
import type { MasterKey } from '../kernel/keyring.ts'
import { refuse } from './mistake.ts'

/** Names a key by 6 hex digits, the start of a hash of it, so that every process that holds it gives it the same name. */
export function toMasterKey(bytes: Buffer): MasterKey {
  const id = createHash('sha256').update('kaijo key id').update(bytes).digest('hex').slice(0, 6)
  return { id, bytes }
}

/** Reads the 32 bytes of one key: 64 hex digits, or base64 or base64url with or without padding. */
export function decodeKey(text: string): Buffer | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  // 43 characters of 6 bits are 32 bytes. Node's decoder takes both alphabets.
  if (/^(?:[A-Za-z0-9+/]{43}|[A-Za-z0-9_-]{43})=?$/.test(text)) return Buffer.from(text, 'base64')
  return undefined
}

/** Reads keys separated by commas, newest first. */
export function parseMasterKeys(text: string): MasterKey[] {
  const keys = text.split(',').map((item, index) => {
    const bytes = decodeKey(item.trim())
    return toMasterKey(
      bytes ?? refuse(`key ${index + 1} is not 32 bytes as 64 hex digits or 43 to 44 of base64`),
    )
  })
  const clash = clashingId(keys)
  if (clash !== undefined) refuse(`holds two keys with the id ${clash}; drop one of them`)
  return keys
}

/** The id that two keys share, if any. A token names its key by id, so each must be one key's alone. */
export function clashingId(keys: readonly MasterKey[]): string | undefined {
  return keys.find((key, index) => keys.findIndex(({ id }) => id === key.id) !== index)?.id
}
