import { once } from 'node:events'
import { open } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { mistake } from './failure.ts'

/** Opens a file anew; `-` is none. Rejects with a Failure that names it. */
export async function openOutput(file: string): Promise<Writable> {
  if (file === '-') throw mistake('- is stdout, where the deliverable go: name a file for the others')
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
