import type { DayCount } from '../messages/reading/read-counts.ts'
import { type FileFormat, writeRecords } from './records.ts'

type Row = Omit<DayCount, 'listId'> & { list: string | null }

const COLUMNS = ['day', 'sender', 'outcome', 'list', 'count'] as const

/** The counters of a service as a file. */
export function writeCounts(
  pages: AsyncIterable<readonly Row[]>,
  format: FileFormat,
): AsyncGenerator<string> {
  return writeRecords(COLUMNS, pages, format)
}
