import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'

/** Reads the server's own certificate, the first of a PEM file, and its chain. Throws when TLS could not use the file. */
export function readCertificate(file: string): X509Certificate {
  const cert = readFileSync(file)
  createSecureContext({ cert })
  return new X509Certificate(cert)
}

/** Reads a private key in PEM, without a passphrase. Throws when it is something else. */
export function readPrivateKey(file: string): KeyObject {
  return createPrivateKey(readFileSync(file))
}
