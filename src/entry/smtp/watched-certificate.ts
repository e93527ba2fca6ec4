import { readFileSync, statSync } from 'node:fs'
import { createSecureContext } from 'node:tls'

export interface CertificateFiles {
  certFile: string
  keyFile: string
}

interface Pem {
  cert: Buffer
  key: Buffer
}

export interface WatchedCertificate {
  read(): Pem
  /** The files' content if it has changed since the last call; undefined when it has not, or cannot be used. */
  readIfChanged(): Pem | undefined
}

/**
 * A certificate that is replaced on disk whenever it is renewed, without our being told. Files that do not belong
 * together, as in the middle of a renewal, are logged once and leave the current certificate in use. Throws when there
 * is none to begin with.
 */
export function watchCertificate(
  files: CertificateFiles,
  onUnusable: (error: unknown) => void,
): WatchedCertificate {
  let current = readPem(files)
  let seen = stampOf(files)
  return {
    read: () => current,
    readIfChanged: () => {
      const stamp = stampOf(files)
      if (stamp === seen) return undefined
      seen = stamp
      try {
        current = readPem(files)
        return current
      } catch (error) {
        onUnusable(error)
        return undefined
      }
    },
  }
}

function readPem({ certFile, keyFile }: CertificateFiles): Pem {
  const pem = { cert: readFileSync(certFile), key: readFileSync(keyFile) }
  createSecureContext(pem)
  return pem
}

function stampOf({ certFile, keyFile }: CertificateFiles): string {
  return [certFile, keyFile]
    .map((file) => statSync(file, { throwIfNoEntry: false }))
    .map((stat) => `${stat?.ino} ${stat?.mtimeMs} ${stat?.size}`)
    .join(', ')
}
