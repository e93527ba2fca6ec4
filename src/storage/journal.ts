import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createBatcher } from '../kernel/batcher.ts'

/**
 * Keeps what was done or promised on this machine's disk while the database is away. To keep the order, as long as
 * anything waits here, whatever comes after it must be appended too.
 */
export interface Journal<Entry> {
  /** True from the first append (or from a start with old entries) until all has been replayed. */
  readonly pending: boolean
  /** Resolves once the entry is on disk (fsync). */
  append(entry: Entry): Promise<void>
  /**
   * Hands over all entries in order, including those appended meanwhile. `carryOut` returns those that it can never
   * carry out, which are set aside in `refused.ndjson`. When it rejects, the replay stops, keeps what was not carried
   * out, and rejects too. An entry may be handed over again after a crash, so `carryOut` must be repeatable.
   */
  replay(carryOut: (entries: Entry[]) => Promise<Entry[]>): Promise<number>
  close(): Promise<void>
}

const MOST_ENTRIES_PER_WRITE = 1_000
const READ_BYTES = 1024 * 1024

/**
 * Opens the journal in a folder, creating it if necessary. A line that a crash cut off was never acknowledged and is
 * dropped. A file with unreadable lines is kept as `damaged-*` once the others have been replayed.
 */
export async function openJournal<Entry>(folder: string): Promise<Journal<Entry>> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const current = join(folder, 'requests.ndjson')
  const replaying = join(folder, 'replaying.ndjson')
  let pending = (await sizeOf(current)) + (await sizeOf(replaying)) > 0

  // One operation at a time: a file being written while it is set aside could be gone before the new entry is read.
  let lastTurn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = lastTurn.then(work)
    lastTurn = turn.catch(() => {})
    return turn
  }
  const toLines = (entries: Entry[]) => entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
  const writer = createBatcher<Entry, void>({
    mostItems: MOST_ENTRIES_PER_WRITE,
    isShared: () => true,
    run: async (entries) => {
      await inTurn(() => appendDurably(current, toLines(entries)))
      return entries.map(() => undefined)
    },
  })

  return {
    get pending() {
      return pending
    },
    append: (entry) => {
      pending = true
      return writer.add(entry)
    },
    replay: async (carryOut) => {
      let count = 0
      while (pending) {
        if ((await sizeOf(replaying)) === 0) await inTurn(() => renameIfPresent(current, replaying))
        let damaged = false
        for await (const part of readEntries<Entry>(replaying)) {
          const refused = await carryOut(part.entries)
          if (refused.length > 0) await appendDurably(join(folder, 'refused.ndjson'), toLines(refused))
          count += part.entries.length
          damaged ||= part.damaged
        }
        if (damaged) await rename(replaying, join(folder, `damaged-${randomUUID()}.ndjson`))
        else await rm(replaying, { force: true })
        const size = await inTurn(() => sizeOf(current))
        if (size === 0 && writer.depth === 0) pending = false
      }
      return count
    },
    close: () => writer.idle(),
  }
}

/**
 * A write that fails half-way is truncated again. What a crash, or a disk that refuses even that, left behind cannot
 * spoil what follows, which starts on a new line.
 */
async function appendDurably(file: string, lines: string): Promise<void> {
  const handle = await open(file, 'a', 0o600)
  try {
    const { size } = await handle.stat()
    try {
      await handle.writeFile(size === 0 ? lines : `\n${lines}`)
      await handle.sync()
      // A new file is only safe once its directory entry is on disk.
      if (size === 0) await syncFolder(dirname(file))
    } catch (error) {
      await handle.truncate(size)
      throw error
    }
  } finally {
    await handle.close()
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}

/** The entries, some thousands at a time: after an outage there may be more than fit into memory. */
async function* readEntries<Entry>(file: string): AsyncGenerator<{ entries: Entry[]; damaged: boolean }> {
  if ((await sizeOf(file)) === 0) return
  let rest = ''
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: READ_BYTES })) {
    const text = rest + chunk
    const end = text.lastIndexOf('\n') + 1
    rest = text.slice(end)
    const lines = text.slice(0, end).split('\n')
    const read = lines.filter((line) => line !== '').map(readEntry<Entry>)
    const entries = read.filter((entry) => entry !== undefined)
    yield { entries, damaged: entries.length < read.length }
  }
}

function readEntry<Entry>(line: string): Entry | undefined {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

async function sizeOf(file: string): Promise<number> {
  const { size } = await stat(file).catch(ifMissing({ size: 0 }))
  return size
}

async function renameIfPresent(from: string, to: string): Promise<void> {
  await rename(from, to).catch(ifMissing(undefined))
}

function ifMissing<T>(otherwise: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return otherwise
    throw error
  }
}
