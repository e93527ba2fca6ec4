import { type CipherOCBTypes, createCipheriv, createDecipheriv } from 'node:crypto'
import type { Keyring } from '../kernel/keyring.ts'

export type Unsealed =
  | { ok: true; keyId: string; payload: Buffer }
  /**
   * `unknown-key`: sealed with a key that this process lacks, so the text is to be kept; `broken`: altered, cut or
   * never ours.
   */
  | { ok: false; why: 'unknown-key' | 'broken'; keyId: string }

const KEY_ID_BYTES = 3
const TAG_BYTES = 16
const HEAD_BYTES = KEY_ID_BYTES + TAG_BYTES
/** Room for an address of 254 octets and a Message-ID of a whole header line (998 octets). */
export const MOST_CHARACTERS = 2_048
/** Node has it since OpenSSL 3; its types do not yet. OCB is called in the same way. */
const ALGORITHM = 'aes-256-siv' as CipherOCBTypes
/**
 * SIV needs no IV: a nonce would be associated data (RFC 5297 §3), and the time in the payload already makes links
 * differ.
 */
const NO_IV = Buffer.alloc(0)

/**
 * Seals the content of a link: base64url of key id, SIV and ciphertext (AES-256-SIV, RFC 5297, with `purpose` as
 * associated data). Deterministic: the same payload for the same purpose is always the same text.
 */
export function sealText(keyring: Keyring, purpose: string, payload: Buffer): string {
  const { id, token: key } = keyring.newest
  const cipher = createCipheriv(ALGORITHM, key, NO_IV, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(purpose, 'latin1'))
  const sealed = Buffer.concat([cipher.update(payload), cipher.final()])
  return Buffer.concat([Buffer.from(id, 'hex'), cipher.getAuthTag(), sealed]).toString('base64url')
}

/** Opens what was sealed for this purpose, with any key. Never throws. */
export function unsealText(keyring: Keyring, purpose: string, text: string): Unsealed {
  if (text.length > MOST_CHARACTERS) return { ok: false, why: 'broken', keyId: '' }
  const bytes = Buffer.from(text, 'base64url')
  const keyId = bytes.subarray(0, KEY_ID_BYTES).toString('hex')
  if (bytes.length <= HEAD_BYTES) return { ok: false, why: 'broken', keyId }
  const keys = keyring.get(keyId)
  if (!keys) return { ok: false, why: 'unknown-key', keyId }
  try {
    const decipher = createDecipheriv(ALGORITHM, keys.token, NO_IV, { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(purpose, 'latin1'))
    decipher.setAuthTag(bytes.subarray(KEY_ID_BYTES, HEAD_BYTES))
    return {
      ok: true,
      keyId,
      payload: Buffer.concat([decipher.update(bytes.subarray(HEAD_BYTES)), decipher.final()]),
    }
  } catch {
    return { ok: false, why: 'broken', keyId }
  }
}
