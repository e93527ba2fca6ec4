import { createHash } from 'node:crypto'
import type { MasterKey } from '../kernel/keyring.ts'
import { refuseFor } from './mistake.ts'

/** Names a key by 6 hex digits, the start of a hash of it, so that every process that holds it gives it the same name. */
export function toMasterKey(bytes: Buffer): MasterKey {
  const id = createHash('sha256').update('kaijo key id').update(bytes).digest('hex').slice(0, 6)
  return { id, bytes }
}

/**
 * Reads keys, each 32 bytes in hex, base64 or base64url. `wrong` lists, by position from 1, those that are anything
 * else and those whose id an earlier key has: a token names its key by id, so ids must be unique.
 */
export function readMasterKeys(texts: readonly string[]): { keys: MasterKey[]; wrong: string[] } {
  const keys: MasterKey[] = []
  const wrong: string[] = []
  const placeOf = new Map<string, number>()
  for (const [index, text] of texts.entries()) {
    const place = index + 1
    const bytes = decodeKey(text)
    if (!bytes) {
      wrong.push(`key ${place} is not 32 bytes as 64 hex digits or 43 to 44 of base64`)
      continue
    }
    const key = toMasterKey(bytes)
    const earlier = placeOf.get(key.id)
    if (earlier === undefined) placeOf.set(key.id, place)
    else wrong.push(`key ${place} has the id ${key.id} of key ${earlier}; drop one of them`)
    keys.push(key)
  }
  return { keys, wrong }
}

/** Reads keys separated by commas, newest first. */
export function parseMasterKeys(text: string): MasterKey[] {
  const { keys, wrong } = readMasterKeys(text.split(',').map((item) => item.trim()))
  refuseFor(wrong)
  return keys
}

/** 64 hex digits, or base64 or base64url with or without padding. */
function decodeKey(text: string): Buffer | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  // 43 characters of 6 bits are 32 bytes. Node's decoder takes both alphabets.
  if (/^(?:[A-Za-z0-9+/]{43}|[A-Za-z0-9_-]{43})=?$/.test(text)) return Buffer.from(text, 'base64')
  return undefined
}
