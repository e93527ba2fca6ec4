import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import type { DerivedKeys, Keyring } from './keyring.ts'

const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Seals a secret for storage with the newest key (AES-256-GCM): `keyId.base64url(iv, tag, ciphertext)`. `place` names
 * where it is stored and must be given again to open it, so that a sealed value cannot be moved to another row.
 */
export function seal(keyring: Keyring, place: string, secret: string): string {
  const { id, seal: key } = keyring.newest
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(place))
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
  return `${id}.${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')}`
}

/** Whether the newest key sealed it, so that sealing it again would gain nothing. */
export function isSealedByNewest(keyring: Keyring, sealed: string): boolean {
  return sealed.startsWith(`${keyring.newest.id}.`)
}

/**
 * Opens what `seal` sealed. Throws when the key is unknown, the value was altered, or it was sealed for another place.
 */
export function unseal(keyring: Keyring, place: string, sealed: string): string {
  const [id = '', text = ''] = sealed.split('.')
  const keys = keyring.get(id)
  if (!keys) throw new Error(`sealed with the unknown key ${id}`)
  const bytes = Buffer.from(text, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', keys.seal, bytes.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  })
  decipher.setAAD(Buffer.from(place))
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString(
    'utf8',
  )
}

/** The stored form of an API key: useless to whoever reads the database without the key file. */
export function keyedHash(keys: DerivedKeys, secret: string): string {
  return createHmac('sha256', keys.hash).update(secret).digest('base64url')
}
