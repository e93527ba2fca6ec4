import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Failure, mistake } from './failure.ts'

/** Writes an answer as it comes to a file, which appears when it is complete, or to stdout. */
export async function saveAnswer(answer: Readable, file: string | undefined): Promise<void> {
  await (file === undefined ? toStdout(answer) : toFile(answer, file))
}

async function toStdout(answer: Readable): Promise<void> {
  await pipeline(answer, process.stdout, { end: false }).catch(brokeOff)
}

async function toFile(answer: Readable, file: string): Promise<void> {
  const draft = `${file}.partial`
  try {
    await pipeline(answer, createWriteStream(draft, { flush: true })).catch(brokeOff)
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

function brokeOff(cause: NodeJS.ErrnoException): never {
  if (cause.path !== undefined) throw mistake(`${cause.path} cannot be written (${cause.code})`, cause)
  throw new Failure(1, 'the answer of the server broke off', { cause })
}
