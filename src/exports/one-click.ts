import type { StopRequest } from '../suppression/reading/requests.ts'
import { csvHead } from './csv.ts'
import { isoTimes } from './iso-times.ts'
import { csvLine, type FileFormat } from './records.ts'

export interface OneClickFormat extends FileFormat {
  /** The IANA zone in which times are written. */
  timeZone: string
}

type Row = Omit<StopRequest, 'listId' | 'addressKey'>

// The very header that users of アララ メッセージ import elsewhere.
const COLUMNS = ['送信先アドレス', 'メッセージID', '登録解除日時', '配信フラグ']

/**
 * The one-click list as a file, page by page: only one page is held at a time. The flag is 1 for a recipient who would
 * be mailed now and 0 for one who is excluded: the present state beside the past request.
 */
export async function* writeOneClick(
  pages: AsyncIterable<readonly Row[]>,
  { timeZone, ...format }: OneClickFormat,
): AsyncGenerator<string> {
  const iso = isoTimes(timeZone)
  const asCsv = ({ address, messageId, requestedAt, excluded }: Row) =>
    csvLine([address, messageId ?? '', iso(requestedAt), excluded ? '0' : '1'], format)
  const asJson = ({ address, messageId, requestedAt, excluded }: Row) =>
    `${JSON.stringify({ address, messageId, requestedAt: iso(requestedAt), deliverable: !excluded })}\n`
  if (format.format === 'csv') yield csvHead(COLUMNS, format)
  for await (const page of pages) yield page.map(format.format === 'csv' ? asCsv : asJson).join('')
}
