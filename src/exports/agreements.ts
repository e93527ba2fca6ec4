import type { ListedAgreement } from '../subscribers/agreements/read-agreements.ts'
import { type FileFormat, writeInZone } from './records.ts'

const COLUMNS = [
  'address',
  'agreedAt',
  'clientAddress',
  'userAgent',
  'confirmedAt',
  'confirmedFrom',
  'confirmedUserAgent',
  'form',
  'formId',
  'formRevision',
  'language',
  'text',
  'textSha256',
] as const

/** What people agreed to when they registered by a form as a file, each with the whole text. */
export function writeAgreements(
  pages: AsyncIterable<readonly ListedAgreement[]>,
  format: FileFormat & { timeZone: string },
): AsyncGenerator<string> {
  return writeInZone(COLUMNS, pages, format, ({ form, origin, confirmed, ...row }, iso) => ({
    address: row.address,
    agreedAt: iso(row.agreedAt),
    clientAddress: origin?.clientAddress ?? null,
    userAgent: origin?.userAgent ?? null,
    confirmedAt: confirmed && iso(confirmed.at),
    confirmedFrom: confirmed?.origin?.clientAddress ?? null,
    confirmedUserAgent: confirmed?.origin?.userAgent ?? null,
    form: form.name,
    formId: form.id,
    formRevision: form.revision,
    language: row.language,
    text: row.text,
    textSha256: row.textHash,
  }))
}
