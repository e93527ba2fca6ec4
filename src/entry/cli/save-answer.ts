import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Failure, mistake } from './failure.ts'
import { startProgress } from './progress.ts'

/**
 * Writes an answer as it comes to stdout, or to a file. That appears when it is complete: until then what there is of it
 * is called `FILE.partial`, and is taken away again when it breaks off.
 */
export async function saveAnswer(answer: Readable, file: string | undefined): Promise<void> {
  await (file === undefined ? toStdout(answer) : toFile(answer, file))
}

async function toStdout(answer: Readable): Promise<void> {
  if (process.stdout.isTTY) return pipeline(answer, process.stdout, { end: false }).catch(brokeOff)
  const { counted, end } = count(answer)
  await pipeline(counted, process.stdout, { end: false }).catch(brokeOff).finally(end)
}

async function toFile(answer: Readable, file: string): Promise<void> {
  const draft = `${file}.partial`
  const { counted, end } = count(answer)
  try {
    await pipeline(counted, createWriteStream(draft, { flush: true })).catch(brokeOff)
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  } finally {
    end()
  }
}

/** Tells whoever watches how much has come. */
function count(answer: Readable): { counted: AsyncIterable<Buffer>; end(): void } {
  const progress = startProgress()
  const begun = performance.now()
  let bytes = 0
  async function* counted() {
    for await (const chunk of answer) {
      bytes += chunk.length
      const perSecond = bytes / Math.max(performance.now() - begun, 1)
      progress.show(`${(bytes / 1e6).toFixed(1)} MB, ${(perSecond / 1e3).toFixed(1)} MB/s`)
      yield chunk as Buffer
    }
  }
  return { counted: counted(), end: progress.end }
}

function brokeOff(cause: NodeJS.ErrnoException): never {
  if (cause.path !== undefined) throw mistake(`${cause.path} cannot be written (${cause.code})`, cause)
  throw new Failure(1, 'the answer of the server broke off', { cause })
}
