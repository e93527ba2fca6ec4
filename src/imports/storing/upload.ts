import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { DomainError } from '../../kernel/domain-error.ts'
import { tooLarge } from '../reading/unreadable.ts'

/** KARTE's limit. */
const MOST_BYTES = 104_857_600

/** The disk is full, the user's quota is used up, or files may not grow any larger. */
const NO_ROOM = ['ENOSPC', 'EDQUOT', 'EFBIG']

/** A file as it came, on disk. */
export interface Upload {
  file: string
  bytes: number
  /** In hexadecimal. */
  sha256: string
}

/** Removes what a killed process left in the directory. Nobody else may be at work in it. */
export async function openUploads(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true })
}

/**
 * Keeps what comes in as a file for as long as `work` takes. Throws DomainError `too-large`, `unavailable` when the
 * disk is full, or what `input` fails with when its sender goes away in the middle.
 */
export async function withUpload<T>(
  input: Readable,
  directory: string,
  work: (upload: Upload) => Promise<T>,
): Promise<T> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const file = join(directory, `${randomUUID()}.upload`)
  try {
    return await work({ file, ...(await receive(input, file)) })
  } finally {
    await rm(file, { force: true })
  }
}

async function receive(input: Readable, file: string): Promise<Omit<Upload, 'file'>> {
  const hash = createHash('sha256')
  let bytes = 0
  async function* measured(): AsyncGenerator<Buffer> {
    // What still comes after a refusal is read and thrown away, so that the answer arrives.
    for await (const part of input.iterator({ destroyOnReturn: false })) {
      bytes += part.length
      if (bytes > MOST_BYTES) {
        throw tooLarge('bytes', MOST_BYTES)
      }
      hash.update(part)
      yield part
    }
  }
  try {
    // Created here: a stream that creates its own file would do so after the upload, having broken off at once, was
    // cleaned up.
    const handle = await open(file, 'wx', 0o600)
    await pipeline(measured, handle.createWriteStream())
  } catch (error) {
    input.resume()
    throw refusalOf(error as NodeJS.ErrnoException)
  }
  return { bytes, sha256: hash.digest('hex') }
}

function refusalOf(cause: NodeJS.ErrnoException): Error {
  if (cause instanceof DomainError) return cause
  if (NO_ROOM.includes(cause.code ?? '')) {
    return new DomainError('unavailable', 'the disk has no room for the file; nothing was changed', { cause })
  }
  return cause
}
