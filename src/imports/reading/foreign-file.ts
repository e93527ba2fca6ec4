import { type FileFormat, unreadable } from './unreadable.ts'

type Kind = 'packed' | 'foreign'

/** How files that are not text begin. */
const SIGNATURES: readonly (readonly [start: RegExp, kind: Kind, what: string])[] = [
  [/^PK(?:\x03\x04|\x05\x06)/, 'packed', 'a ZIP archive'],
  [/^\x1f\x8b/, 'packed', 'compressed by gzip'],
  [/^BZh[1-9]1AY&SY/, 'packed', 'compressed by bzip2'],
  [/^\xfd7zXZ\0/, 'packed', 'compressed by xz'],
  [/^\x28\xb5\x2f\xfd/, 'packed', 'compressed by Zstandard'],
  [/^7z\xbc\xaf\x27\x1c/, 'packed', 'a 7z archive'],
  [/^Rar!\x1a\x07/, 'packed', 'a RAR archive'],
  [/^%PDF-/, 'foreign', 'a PDF'],
  [/^\x89PNG\r\n/, 'foreign', 'a PNG image'],
  [/^\xff\xd8\xff/, 'foreign', 'a JPEG image'],
  [/^GIF8[79]a/, 'foreign', 'a GIF image'],
  [/^(?:II\*\0|MM\0\*)/, 'foreign', 'a TIFF image'],
  [/^RIFF[\s\S]{4}WEBP/, 'foreign', 'a WebP image'],
  [/^[\s\S]{4}ftyp(?:heic|heix|mif1)/, 'foreign', 'a HEIC image'],
  [/^\xd0\xcf\x11\xe0/, 'foreign', 'an Office document'],
]

/** A file that some system named `.xls` is at times an HTML page with a table. */
const PAGE = /^(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|meta|body|table)\b/i
/** What the interfaces of mail providers answer, one object a line too. */
const JSON_TEXT = /^(?:\xef\xbb\xbf)?\s*(?:\{\s*["}]|\[\s*[{\]])/
const XML = /^(?:\xef\xbb\xbf)?\s*<\?xml\b/i

/** The names of its first entries: of Office's formats since 2007 (ECMA-376), and of OpenDocument's. */
const OFFICE = /^PK\x03\x04[\s\S]{26}(?:\[Content_Types\]\.xml|_rels\/|docProps\/|xl\/)/
const SHEETS = /PK\x03\x04[\s\S]{26}xl\//
const OPEN_DOCUMENT = /^PK\x03\x04[\s\S]{26}mimetypeapplication\/vnd\.oasis\.opendocument\.spreadsheet/
/** In the older Office formats: the streams that mark a workbook, and an encrypted one. */
const OLD_SHEETS = ['Workbook', 'Book', 'EncryptedPackage'].map((name) => Buffer.from(`${name}\0`, 'utf16le'))

/**
 * Refuses, naming it, a file that is not text, whatever its own name ends in: judged by how it begins, and by all of
 * its parts. Throws DomainError `unreadable-file`.
 */
export function refuseForeign(head: Buffer, format: FileFormat, parts: Iterable<Buffer> = [head]): void {
  const start = head.toString('latin1')
  if (OPEN_DOCUMENT.test(start)) throw unreadable('workbook', format, 'an OpenDocument spreadsheet')
  if (OFFICE.test(start)) {
    throw SHEETS.test(start)
      ? unreadable('workbook', format, 'an Excel workbook')
      : unreadable('foreign', format, 'an Office document')
  }
  if (start.startsWith('\xd0\xcf\x11\xe0') && hasOldSheets(parts)) {
    throw unreadable('workbook', format, 'an Excel workbook')
  }
  if (PAGE.test(start)) throw unreadable('workbook', format, 'an HTML page')
  if (XML.test(start)) throw unreadable('workbook', format, 'XML')
  if (JSON_TEXT.test(start)) throw unreadable('workbook', format, 'JSON')
  for (const [signature, kind, what] of SIGNATURES) {
    if (signature.test(start)) {
      throw kind === 'packed' ? unreadable('packed', what) : unreadable('foreign', format, what)
    }
  }
}

/** Directory entries lie at multiples of 128 bytes, so none crosses from one part into the next. */
function hasOldSheets(parts: Iterable<Buffer>): boolean {
  for (const part of parts) if (OLD_SHEETS.some((name) => part.includes(name))) return true
  return false
}
