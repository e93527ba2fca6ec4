import type { Keyring } from '../kernel/keyring.ts'
import { readPayload, type TokenContent, writePayload } from './payload.ts'
import { sealText, type Unsealed, unsealText } from './sealed-text.ts'

export type Opened = ({ ok: true; keyId: string } & TokenContent) | Extract<Unsealed, { ok: false }>

/**
 * Mints the token of a link, sealed for its `class_id`. Deterministic and stateless: the same mail always has the same link,
 * and nothing has to be stored for it to work for ever.
 */
export function mintToken(keyring: Keyring, classId: string, content: TokenContent): string {
  return sealText(keyring, classId, writePayload(content))
}

/** Opens a token that came with a request for this class. Never throws. */
export function openToken(keyring: Keyring, classId: string, token: string): Opened {
  const unsealed = unsealText(keyring, classId, token)
  if (!unsealed.ok) return unsealed
  const { keyId, payload } = unsealed
  try {
    return { ok: true, keyId, ...readPayload(payload) }
  } catch {
    return { ok: false, why: 'broken', keyId }
  }
}
