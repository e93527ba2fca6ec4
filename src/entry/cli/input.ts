import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { type Failure, mistake } from './failure.ts'

const MOST_CHARACTERS_PER_LINE = 65_536
const BYTES_PER_READ = 256 * 1_024

/** Opens a file, or stdin for `-`. Rejects with a Failure that names the file. */
export async function inputStream(file: string): Promise<Readable> {
  if (file === '-') return process.stdin
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(file, error)
  })
  if ((await handle.stat()).isFile()) return handle.createReadStream({ highWaterMark: BYTES_PER_READ })
  await handle.close()
  throw mistake(`${file} is not a file`)
}

export async function readBytes(file: string): Promise<Buffer> {
  return buffer(await inputStream(file))
}

/** Reads UTF-8; a byte order mark is dropped. */
export async function readText(file: string): Promise<string> {
  return decode(new TextDecoder('utf-8', { fatal: true }), file, await readBytes(file))
}

export interface Line {
  /** From 1. */
  number: number
  text: string
}

/** The lines of a file as they come, some at a time; blank ones are left out, blanks around them dropped. */
export async function* readLines(file: string): AsyncGenerator<Line[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let number = 0
  let begun = ''
  const take = (text: string) => {
    const lines = (begun + text).split('\n')
    begun = lines.pop() ?? ''
    if (begun.length > MOST_CHARACTERS_PER_LINE) {
      throw mistake(`${nameOf(file)}: line ${number + lines.length + 1} has no end`)
    }
    return lines.map((line) => ({ number: ++number, text: line.trim() })).filter(({ text }) => text !== '')
  }
  for await (const chunk of await inputStream(file)) {
    const lines = take(decode(decoder, file, chunk as Buffer, { stream: true }))
    if (lines.length > 0) yield lines
  }
  const rest = take(`${decode(decoder, file)}\n`)
  if (rest.length > 0) yield rest
}

/** What a file is called in a message. */
export function nameOf(file: string): string {
  return file === '-' ? 'stdin' : file
}

function decode(decoder: TextDecoder, file: string, bytes?: Buffer, options?: { stream: true }): string {
  try {
    return decoder.decode(bytes, options)
  } catch (cause) {
    throw mistake(`${nameOf(file)} is not UTF-8`, cause)
  }
}

function unreadable(file: string, error: NodeJS.ErrnoException): Failure {
  const reasons: Record<string, string> = { ENOENT: 'there is no such file', EACCES: 'it may not be read' }
  return mistake(`${file}: ${reasons[error.code ?? ''] ?? error.message}`, error)
}
