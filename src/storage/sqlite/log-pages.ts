import { readSync } from 'node:fs'
import type { PageSet } from './page-set.ts'

/* https://www.sqlite.org/fileformat2.html, "4.1. WAL File Format". */
export const LOG_HEADER_BYTES = 32
export const FRAME_HEADER_BYTES = 24
/** Changes whenever the log begins anew; leftovers after its end have an earlier one. */
const SALT = { atHeader: 16, atFrame: 8, bytes: 8 } as const
/** In a frame that ends a transaction: how many pages the database has from then on. */
const COMMIT_AT = 4

/** Reads which pages a write-ahead log has frames of; each call adds those that have come since the last. */
export function readsLogPages(log: number, pageSize: number) {
  const header = Buffer.alloc(LOG_HEADER_BYTES)
  const frame = Buffer.alloc(FRAME_HEADER_BYTES)
  const frameBytes = FRAME_HEADER_BYTES + pageSize
  let salt = Buffer.alloc(SALT.bytes)
  let committed = 0
  /**
   * Answers how many frames of committed transactions the log has. Frames of an unfinished transaction may still be
   * overwritten.
   */
  return (pages: PageSet): number => {
    if (readSync(log, header, 0, LOG_HEADER_BYTES, 0) < LOG_HEADER_BYTES) return 0
    const saltNow = header.subarray(SALT.atHeader, SALT.atHeader + SALT.bytes)
    if (!salt.equals(saltNow)) {
      salt = Buffer.from(saltNow)
      committed = 0
    }
    for (let at = committed; ; at++) {
      const place = LOG_HEADER_BYTES + at * frameBytes
      if (readSync(log, frame, 0, FRAME_HEADER_BYTES, place) < FRAME_HEADER_BYTES) return committed
      if (!frame.subarray(SALT.atFrame, SALT.atFrame + SALT.bytes).equals(salt)) return committed
      pages.add(frame.readUInt32BE(0))
      if (frame.readUInt32BE(COMMIT_AT) > 0) committed = at + 1
    }
  }
}
