import { X509Certificate } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DAY_MS } from '../../kernel/clock.ts'
import { makeSelfSigned } from './self-signed.ts'
import type { CertificateFiles } from './watched-certificate.ts'

const FILE_NAME = 'smtp-certificate.pem'
const OWNER_ONLY = 0o600
const LIFETIME_DAYS = 825
const RENEWED_BEFORE_DAYS = 30

/**
 * A certificate of our own making in the data directory, with its key in the same file, so that both are replaced at
 * once. Makes it when there is none, and anew before it runs out. Nobody else vouches for it.
 */
export async function keepOwnCertificate(dataDir: string, now: number): Promise<CertificateFiles> {
  const file = join(dataDir, FILE_NAME)
  if (!(await lastsBeyond(file, now + RENEWED_BEFORE_DAYS * DAY_MS))) await makeCertificate(file, now)
  return { certFile: file, keyFile: file }
}

async function lastsBeyond(file: string, time: number): Promise<boolean> {
  const pem = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return pem !== undefined && new X509Certificate(pem).validToDate.getTime() > time
}

async function makeCertificate(file: string, now: number): Promise<void> {
  // From yesterday on: clocks differ.
  const { cert, key } = makeSelfSigned([hostname(), 'localhost'], now - DAY_MS, now + LIFETIME_DAYS * DAY_MS)
  const draft = `${file}.draft`
  await rm(draft, { force: true })
  await writeFile(draft, `${cert}${key}`, { mode: OWNER_ONLY })
  await rename(draft, file)
}
