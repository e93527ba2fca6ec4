import { type CipherOCBTypes, createCipheriv, createDecipheriv } from 'node:crypto'
import type { Keyring } from '../kernel/keyring.ts'
import { readPayload, type TokenContent, writePayload } from './payload.ts'

export type Opened =
  | ({ ok: true; keyId: string } & TokenContent)
  /** `unknown-key`: sealed with a key that this process lacks, to be kept; `broken`: altered, cut or never ours. */
  | { ok: false; why: 'unknown-key' | 'broken'; keyId: string }

const KEY_ID_BYTES = 3
const TAG_BYTES = 16
const HEAD_BYTES = KEY_ID_BYTES + TAG_BYTES
/** Room for an address of 254 octets and a Message-ID of a whole header line (998 octets). */
const MOST_CHARACTERS = 2_048
/** Node has it since OpenSSL 3; its types do not yet. OCB is called in the same way. */
const ALGORITHM = 'aes-256-siv' as CipherOCBTypes
/** SIV takes its nonce as associated data (RFC 5297 §3); the time in the payload makes links differ. */
const NO_IV = Buffer.alloc(0)

/**
 * Mints the token of a link: base64url of key id, SIV and ciphertext (AES-256-SIV, RFC 5297, with the `class_id` as
 * associated data). Deterministic and stateless: the same mail always has the same link, and nothing has to be stored
 * for it to work for ever.
 */
export function mintToken(keyring: Keyring, classId: string, content: TokenContent): string {
  const { id, token: key } = keyring.newest
  const cipher = createCipheriv(ALGORITHM, key, NO_IV, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(classId, 'latin1'))
  const sealed = Buffer.concat([cipher.update(writePayload(content)), cipher.final()])
  return Buffer.concat([Buffer.from(id, 'hex'), cipher.getAuthTag(), sealed]).toString('base64url')
}

/** Opens a token that came with a request for this class. Never throws. */
export function openToken(keyring: Keyring, classId: string, token: string): Opened {
  if (token.length > MOST_CHARACTERS) return { ok: false, why: 'broken', keyId: '' }
  const bytes = Buffer.from(token, 'base64url')
  const keyId = bytes.subarray(0, KEY_ID_BYTES).toString('hex')
  if (bytes.length <= HEAD_BYTES) return { ok: false, why: 'broken', keyId }
  const keys = keyring.get(keyId)
  if (!keys) return { ok: false, why: 'unknown-key', keyId }
  try {
    const decipher = createDecipheriv(ALGORITHM, keys.token, NO_IV, { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(classId, 'latin1'))
    decipher.setAuthTag(bytes.subarray(KEY_ID_BYTES, HEAD_BYTES))
    const payload = Buffer.concat([decipher.update(bytes.subarray(HEAD_BYTES)), decipher.final()])
    return { ok: true, keyId, ...readPayload(payload) }
  } catch {
    return { ok: false, why: 'broken', keyId }
  }
}
