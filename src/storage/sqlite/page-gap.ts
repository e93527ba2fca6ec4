/*
 * https://www.sqlite.org/fileformat2.html: pages of trees ("1.6. B-tree Pages"). `secure_delete` overwrites a row where
 * it lies; where a tree's pages are split or merged, copies of rows that moved stay behind in the gap between a page's
 * cell pointers and its cells, which SQLite neither reads nor clears.
 */
const FILE_HEADER_BYTES = 100
/** By a page's first byte: inner pages of indexes and of tables, and their leaves. */
const HEADER_BYTES: Readonly<Record<number, number>> = { 2: 12, 5: 12, 10: 8, 13: 8 }
const MOST_FRAGMENTED_BYTES = 60

/**
 * Pages of other kinds begin with the number of another page, big-endian in four bytes, unless the file is one with
 * auto-vacuum. In files of fewer pages none of those can be taken for a tree's.
 */
export const MOST_PAGES = 2 ** 25 - 1

/** Where a page's gap begins and ends; undefined for a page that does not belong to a tree. */
export function gapOf(page: Buffer, pageNumber: number): readonly [from: number, to: number] | undefined {
  const at = pageNumber === 1 ? FILE_HEADER_BYTES : 0
  const headerBytes = HEADER_BYTES[page.readUInt8(at)]
  if (headerBytes === undefined || page.readUInt8(at + 7) > MOST_FRAGMENTED_BYTES) return undefined
  const cells = page.readUInt16BE(at + 3)
  const pointers = at + headerBytes
  const from = pointers + 2 * cells
  // Zero is 65,536, which two bytes cannot hold.
  const to = page.readUInt16BE(at + 5) || 65_536
  if (from > to || to > page.length) return undefined
  const isInCells = (offset: number) => offset >= to && offset < page.length
  const freeBlock = page.readUInt16BE(at + 1)
  if (freeBlock !== 0 && !isInCells(freeBlock)) return undefined
  for (let pointer = pointers; pointer < from; pointer += 2) {
    if (!isInCells(page.readUInt16BE(pointer))) return undefined
  }
  return [from, to]
}
