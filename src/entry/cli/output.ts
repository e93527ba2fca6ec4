import { once } from 'node:events'
import { fstatSync, type Stats } from 'node:fs'
import { open, stat } from 'node:fs/promises'
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

/** Whether two names are of one file, through links too; `-` is stdin. Several may write to a device. */
export async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map(statOf))
  return a !== undefined && b !== undefined && a.isFile() && a.dev === b.dev && a.ino === b.ino
}

/** Undefined where there is nothing. */
async function statOf(file: string): Promise<Stats | undefined> {
  return file === '-' ? fstatSync(process.stdin.fd) : stat(file).catch(() => undefined)
}

/** Writes, and waits while the reader is behind. Rejects when the stream has failed. */
export async function write(stream: Writable, text: string): Promise<void> {
  if (stream.errored) throw stream.errored
  if (text !== '' && !stream.write(text)) await once(stream, 'drain')
}
