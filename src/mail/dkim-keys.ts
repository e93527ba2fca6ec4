import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { invalid } from '../kernel/domain-error.ts'

export type DkimAlgorithm = 'rsa-sha256' | 'ed25519-sha256'

export type DkimKeyPair = { privateKey: KeyObject; publicKey: KeyObject }

/** Sizes that every verifier has to accept (RFC 8301 §3.2). */
const [FEWEST_RSA_BITS, MOST_RSA_BITS] = [1024, 4096]

const makeKeyPair = promisify(generateKeyPair)

/** A new signing key: RSA of 2048 bits, which every receiver verifies, or Ed25519. */
export function generateDkimKey(algorithm: DkimAlgorithm): Promise<DkimKeyPair> {
  return algorithm === 'rsa-sha256' ? makeKeyPair('rsa', { modulusLength: 2048 }) : makeKeyPair('ed25519', {})
}

/**
 * Reads a key that was made elsewhere: PEM of RSA (PKCS#8 or PKCS#1) or of Ed25519 (PKCS#8), without a password.
 * @throws DomainError invalid-value (`privateKey`), whose message repeats nothing of the key.
 */
export function readDkimKey(pem: string): DkimKeyPair {
  const privateKey = parsePrivateKey(pem)
  const { asymmetricKeyType: type, asymmetricKeyDetails: { modulusLength: bits = 0 } = {} } = privateKey
  if (type !== 'rsa' && type !== 'ed25519') {
    throw invalid('privateKey', `must be an RSA or an Ed25519 key, not ${type}`)
  }
  if (type === 'rsa' && (bits < FEWEST_RSA_BITS || bits > MOST_RSA_BITS)) {
    throw invalid(
      'privateKey',
      `has ${bits} bits; verifiers take ${FEWEST_RSA_BITS} to ${MOST_RSA_BITS} (RFC 8301)`,
    )
  }
  return { privateKey, publicKey: createPublicKey(privateKey) }
}

function parsePrivateKey(pem: string): KeyObject {
  if (/ENCRYPTED/.test(pem)) throw invalid('privateKey', 'is locked by a password; unlock it first')
  try {
    return createPrivateKey(pem)
  } catch {
    throw invalid('privateKey', 'is not the PEM of a private key')
  }
}

/**
 * The one algorithm that a key, private or public, signs with (RFC 8301 §3.1, RFC 8463 §3).
 * @throws TypeError for a key of any other type.
 */
export function algorithmOf(key: KeyObject): DkimAlgorithm {
  if (key.asymmetricKeyType === 'rsa') return 'rsa-sha256'
  if (key.asymmetricKeyType === 'ed25519') return 'ed25519-sha256'
  throw new TypeError(`DKIM has no algorithm for keys of type ${key.asymmetricKeyType}`)
}

/**
 * The text of the DNS record at `<selector>._domainkey.<domain>`: RSA keys go in as SubjectPublicKeyInfo
 * (RFC 6376 §3.6.1), Ed25519 keys as their bare 32 octets (RFC 8463 §4).
 */
export function dkimRecord(publicKey: KeyObject): string {
  if (algorithmOf(publicKey) === 'rsa-sha256') {
    return `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`
  }
  const { x = '' } = publicKey.export({ format: 'jwk' })
  return `v=DKIM1; k=ed25519; p=${Buffer.from(x, 'base64url').toString('base64')}`
}

/** A record cut into strings of at most 255 octets, of which a TXT record is made (RFC 1035 §3.3). */
export function txtStrings(record: string): string[] {
  return record.match(/.{1,255}/g) ?? []
}
