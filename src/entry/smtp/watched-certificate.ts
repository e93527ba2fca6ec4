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
  /** What the files hold, when they are others than at the last call; undefined when they cannot be used as they are. */
  readIfChanged(): Pem | undefined
}

/**
 * A certificate that whoever renews it replaces on disk, without a word to us. Files that do not fit together, as in the
 * middle of a renewal, are told once and leave the certificate that is in use. Throws when there is none to begin with.
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
