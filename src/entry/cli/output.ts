import { once } from 'node:events'
import { open } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { mistake } from './failure.ts'

/** Opens a file anew. Rejects with a Failure that names it. */
export async function openOutput(file: string): Promise<Writable> {
  const handle = await open(file, 'w').catch((error: NodeJS.ErrnoException) => {
    throw mistake(`${file} cannot be written (${error.code})`, error)
  })
  return handle.createWriteStream()
}

/** Writes, and waits while the reader is behind. Rejects when the stream has failed. */
export async function write(stream: Writable, text: string): Promise<void> {
  if (stream.errored) throw stream.errored
  if (text !== '' && !stream.write(text)) await once(stream, 'drain')
}
