import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createBatcher } from '../kernel/batcher.ts'

/**
 * Keeps requests on this machine's disk while the database is away. Order is kept: as long as anything waits here, what
 * comes after it must be appended too.
 */
export interface Journal<Entry> {
  /** True from the first append (or from a start with old entries) until all has been replayed. */
  readonly pending: boolean
  /** Resolves once the entry is on disk (fsync). */
  append(entry: Entry): Promise<void>
  /**
   * Hands over all entries in order; what is appended meanwhile follows. Stops at the first failure, keeps what was not
   * carried out and rejects. An entry may be handed over again after a crash: carrying out must bear repeats.
   */
  replay(carryOut: (entries: Entry[]) => Promise<void>): Promise<number>
  close(): Promise<void>
}

const MOST_ENTRIES_PER_WRITE = 1_000
const READ_BYTES = 1024 * 1024

/** Opens the journal in a folder, which it makes. A last line that a crash cut off was never acknowledged, and is dropped. */
export async function openJournal<Entry>(folder: string): Promise<Journal<Entry>> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const current = join(folder, 'requests.ndjson')
  const replaying = join(folder, 'replaying.ndjson')
  let pending = (await sizeOf(current)) + (await sizeOf(replaying)) > 0

  let appended = 0
  const writer = createBatcher<Entry, void>({
    mostItems: MOST_ENTRIES_PER_WRITE,
    isShared: () => true,
    run: async (entries) => {
      await appendDurably(current, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
      return entries.map(() => undefined)
    },
  })

  return {
    get pending() {
      return pending
    },
    append: (entry) => {
      pending = true
      appended++
      return writer.add(entry)
    },
    replay: async (carryOut) => {
      let count = 0
      while (pending) {
        await writer.idle()
        const seen = appended
        if ((await sizeOf(replaying)) === 0) await renameIfPresent(current, replaying)
        for await (const entries of readEntries<Entry>(replaying)) {
          await carryOut(entries)
          count += entries.length
        }
        await rm(replaying, { force: true })
        const empty = (await sizeOf(current)) === 0
        // Anything appended since the look at the file needs another round.
        if (empty && appended === seen) pending = false
      }
      return count
    },
    close: () => writer.idle(),
  }
}

/** A write that fails half-way is cut off again, so that the next entry starts on a line of its own. */
async function appendDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'a', 0o600)
  try {
    const { size } = await handle.stat()
    try {
      await handle.writeFile(text)
      await handle.sync()
      // A new file is only safe when its folder's entry is.
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

/** The entries in runs of some thousands: an outage may have filled more than memory holds. */
async function* readEntries<Entry>(file: string): AsyncGenerator<Entry[]> {
  if ((await sizeOf(file)) === 0) return
  let rest = ''
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: READ_BYTES })) {
    const text = rest + chunk
    const end = text.lastIndexOf('\n') + 1
    rest = text.slice(end)
    const lines = text.slice(0, end).split('\n')
    yield lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Entry)
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
