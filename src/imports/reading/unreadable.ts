import { DomainError, type DomainErrorCode } from '../../kernel/domain-error.ts'

/** How a file is read: as a CSV with a header, or as one address a line. */
export type FileFormat = 'csv' | 'text'

const KIND: Readonly<Record<FileFormat, string>> = { csv: 'CSV', text: 'plain text' }
const SAVED_AS: Readonly<Record<FileFormat, string>> = {
  csv: 'CSV UTF-8',
  text: 'text in UTF-8, one address a line',
}

/**
 * Everything that can be wrong with a file, worded with the row or the byte at fault, both counted from 1. The list is
 * closed: the console has words of its own for each, and a test holds it to that.
 */
export const UNREADABLE = {
  empty: () => 'the file is empty',
  noRows: () => 'the file has no data rows',
  foreign: (format: FileFormat, what: string) => `the file is not ${KIND[format]}: it is ${what}`,
  workbook: (format: FileFormat, what: string) => `the file is ${what}: save it as ${SAVED_AS[format]}`,
  packed: (what: string) => `the file is ${what}: unpack it first`,
  otherEncoding: (name: string) => `the file is ${name}: save it as UTF-8`,
  japanese: (name: string) =>
    `the file is not UTF-8 and reads as ${name}: save it as UTF-8, or name its encoding`,
  notEncoded: (name: string, byte: number) => `the file is not ${name}: see byte ${byte}`,
  notJapanese: (byte: number) => `the file is neither UTF-8 nor Shift_JIS: see byte ${byte}`,
  notWestern: (byte: number, value: string) =>
    `the file is neither UTF-8 nor Windows-1252: byte ${byte} is 0x${value}`,
  nulByte: (byte: number) => `byte ${byte} is NUL`,
  nulBehindRow: (row: number) => `there is a NUL character after row ${row}`,
  nul: () => 'the file holds a NUL character',
  endless: (row: number, most: number) =>
    `row ${row} does not end within ${most} characters: is a quote not closed?`,
  openQuote: (row: number) => `row ${row}: a quote is opened and never closed`,
  brokenQuote: (row: number) => `row ${row}: a quoted field goes on after its closing quote`,
  noEmailColumn: (row: number) => `row ${row}, the header, has no column email`,
  unknownHeader: (row: number) =>
    `row ${row}, the header, has no column email, and is not that of a known export`,
  unknownExport: (row: number) =>
    `row ${row}, the header, is not that of a known export: name a list instead of auto`,
  twoEmailColumns: (row: number, first: number, second: number) =>
    `row ${row}, the header, has two columns named email: columns ${first} and ${second}`,
  twoAddressColumns: (row: number) => `row ${row}, the header, has two columns of addresses`,
  twoColumns: (row: number, name: string) => `row ${row}, the header, has two columns named ${name}`,
  badHeader: (row: number, mistake: string) => `row ${row}, the header: ${mistake}`,
  manyRejects: (most: number, row: number) =>
    `more than ${most} rows cannot be taken as subscribers: see row ${row}`,
} as const

/** Everything that a file can have too much of, worded and kept in the same way. */
export const TOO_LARGE = {
  bytes: (most: number) => `the file has more than ${most} bytes: see byte ${most + 1}`,
  atRow: (row: number, most: number) =>
    `row ${row} is one more than the ${most} data rows that a file may have`,
  lists: (lists: number, most: number) => `the rows are of ${lists} lists, more than ${most}`,
} as const

type Sentences = Readonly<Record<string, (...found: never[]) => string>>

/** The answer to a file that is not what it should be. */
export const unreadable = refusals('unreadable-file', UNREADABLE)

/** The answer to a file that is more than can be taken. */
export const tooLarge = refusals('too-large', TOO_LARGE)

function refusals<S extends Sentences>(code: DomainErrorCode, sentences: S) {
  return <R extends keyof S>(reason: R, ...found: Parameters<S[R]>): DomainError =>
    new DomainError(code, (sentences[reason] as (...found: Parameters<S[R]>) => string)(...found))
}
