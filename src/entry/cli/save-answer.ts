import { rmSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Failure, mistake } from './failure.ts'
import { watched } from './transfer.ts'
import { whenInterrupted } from './when-interrupted.ts'

/**
 * Writes an answer, as it comes, to stdout (also named `-`) or to a file. The file appears when it is complete: until
 * then it is called `FILE.partial`, which is removed when the answer breaks off or the command is interrupted. Reports
 * how much has come, and how many rows if each row is a line.
 */
export async function saveAnswer(
  answer: Readable,
  output: string | undefined,
  { lines = false }: { lines?: boolean } = {},
): Promise<void> {
  const file = output === '-' ? undefined : output
  if (file === undefined && process.stdout.isTTY) {
    return pipeline(answer, process.stdout, { end: false }).catch(brokeOff)
  }
  const { content, end } = watched(answer, { lines })
  await (file === undefined ? toStdout(content) : toFile(content, file)).finally(end)
}

async function toStdout(content: AsyncIterable<Buffer>): Promise<void> {
  await pipeline(content, process.stdout, { end: false }).catch(brokeOff)
}

async function toFile(content: AsyncIterable<Buffer>, file: string): Promise<void> {
  const draft = `${file}.partial`
  const takeBack = whenInterrupted(() => rmSync(draft, { force: true }))
  try {
    const handle = await open(draft, 'w').catch(brokeOff)
    await pipeline(content, handle.createWriteStream({ flush: true })).catch(brokeOff)
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  } finally {
    takeBack()
  }
}

function brokeOff(cause: NodeJS.ErrnoException): never {
  if (cause.path !== undefined) throw mistake(`${cause.path} cannot be written (${cause.code})`, cause)
  throw new Failure(1, 'the answer of the server broke off', { cause })
}
