import { fstatSync, readSync, writeSync } from 'node:fs'
import { gapOf, MOST_PAGES } from './page-gap.ts'

/**
 * In the file's header: not zero when the file has pages that map pages (auto-vacuum), whose bytes can look like a
 * tree's.
 */
const VACUUM_MODE = { at: 52, bytes: 4 } as const

/**
 * Overwrites the gaps of these pages with zeros. The caller holds a read transaction that began when the whole log had
 * been carried over: as long as it lasts, SQLite lets no process write into the file itself, and whoever reads a page
 * reads its cells.
 */
export function clearGaps(database: number, pageSize: number, pages: Iterable<number>): void {
  const count = pageCount(database, pageSize)
  if (count > MOST_PAGES || isAutoVacuumed(database)) return
  const page = Buffer.alloc(pageSize)
  const zeros = Buffer.alloc(pageSize)
  for (const number of pages) {
    if (number > count) continue
    const place = (number - 1) * pageSize
    if (readSync(database, page, 0, pageSize, place) < pageSize) continue
    const gap = gapOf(page, number)
    if (!gap) continue
    const [from, to] = gap
    const length = to - from
    if (page.compare(zeros, 0, length, from, to) !== 0) writeSync(database, zeros, 0, length, place + from)
  }
}

/** The numbers of all pages. */
export function* allPages(database: number, pageSize: number): Generator<number> {
  const count = pageCount(database, pageSize)
  for (let number = 1; number <= count; number++) yield number
}

function isAutoVacuumed(database: number): boolean {
  const mode = Buffer.alloc(VACUUM_MODE.bytes)
  readSync(database, mode, 0, VACUUM_MODE.bytes, VACUUM_MODE.at)
  return mode.readUInt32BE() !== 0
}

function pageCount(database: number, pageSize: number): number {
  return Math.floor(fstatSync(database).size / pageSize)
}
