import { type DomainError, invalid } from '../../kernel/domain-error.ts'
import { readParts } from './file-bytes.ts'
import { refuseForeign } from './foreign-file.ts'
import { type FileFormat, unreadable } from './unreadable.ts'

const FOUR_BYTES = 4
/** A header may begin with a word of another script, which has no zeros. */
const SEEN_BYTES = 1_024
const FEWEST_ZEROS = 4
const MOST_ON_ONE_SIDE = 0.8
const ESCAPE = 0x1b
/** ISO-2022-JP's (RFC 1468) and its successors': other characters by escape sequences, in bytes that are all ASCII. */
const JAPANESE_ESCAPE = /\x1b(?:\$[@B]|\$\([@BDOQ]|\([IJ])/
/** https://encoding.spec.whatwg.org/#index-windows-1252 has a control character there; the code page has nothing. */
const MISSING_IN_WINDOWS_1252 = [0x81, 0x8d, 0x8f, 0x90, 0x9d]
/** Japanese stands in words. One alone is what Windows-1252 looks like: `ão` of São, or `’A` of L’Aquila, is a kanji of Shift_JIS. */
const JAPANESE_WORD = /[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〆]{2}/
/** Shift_JIS has half-width punctuation where EUC-JP has kana, which no text doubles. */
const KANA_WORD = /[\u3041-\u30ff]{2}/
const HALF_WIDTH_KATAKANA = /[\uff61-\uff9f]/

/** Byte order marks of what is not taken. */
const MARKS: readonly (readonly [bytes: string, name: string])[] = [
  ['fffe0000', 'UTF-32'],
  ['0000feff', 'UTF-32'],
  ['fffe', 'UTF-16'],
  ['feff', 'UTF-16'],
]

/** In what a file is written, as a label of the Encoding Standard. */
export interface FoundEncoding {
  label: string
  /** What to throw unless its header is of a known export: a list of addresses is not taken in what was found. */
  unlessExport?: DomainError
}

/**
 * Finds out in what a file is written: UTF-8 or Windows-1252, or Shift_JIS or EUC-JP, which exports of Japanese systems alone
 * may be in. What is given overrides the finding, and then the file has to be written in it. Throws DomainError
 * `unreadable-file`, which says what was found, or `invalid-value` for an encoding that does not exist.
 */
export function findEncoding(
  file: string,
  given: string | undefined,
  format: FileFormat = 'csv',
): FoundEncoding {
  const head = headOf(file)
  if (given !== undefined) {
    refuseForeign(head, format, readParts(file))
    return { label: confirmed(file, given) }
  }
  refuseOthers(file, format)
  if (firstBadByte(file, 'utf-8') === undefined) return { label: 'utf-8' }
  if (head.indexOf('\ufeff') === 0) return { label: confirmed(file, 'utf-8') }
  for (const label of ['shift_jis', 'euc-jp'] as const) {
    if (readsAsJapanese(file, label)) {
      // Of its size and shape are those of Chinese and Korean, which have no kana there.
      const isOfMany = label === 'euc-jp' && !readsAsEucJp(file)
      const refusal = unreadable('japanese', isOfMany ? 'EUC-JP/GBK/EUC-KR' : encodingName(label))
      if (isOfMany || format === 'text') throw refusal
      return { label, unlessExport: refusal }
    }
  }
  refuseOutsideWindows1252(file)
  return { label: 'windows-1252' }
}

/** Refuses by its name what is neither text nor in an encoding whose bytes are ASCII where its characters are. */
export function refuseOthers(file: string, format: FileFormat = 'csv'): void {
  const head = headOf(file)
  refuseForeign(head, format, readParts(file))
  refuseMark(head)
  if (head.indexOf('\ufeff') !== 0) refuseAsciiAlike(file, head)
}

/** Refuses UTF-16 and UTF-32 by their marks. Throws DomainError `unreadable-file`. */
export function refuseMark(head: Buffer): void {
  for (const [bytes, name] of MARKS) {
    if (head.subarray(0, bytes.length / 2).equals(Buffer.from(bytes, 'hex'))) {
      throw unreadable('otherEncoding', name)
    }
  }
}

function headOf(file: string): Buffer {
  const head = Buffer.from(readParts(file).next().value ?? Buffer.alloc(0))
  if (head.length === 0) throw unreadable('empty')
  return head
}

/** Decoders that fail at the first byte that is none of the encoding's; a byte order mark is dropped. */
export function decoderOf(label: string): TextDecoder {
  return new TextDecoder(label, { fatal: true })
}

function confirmed(file: string, given: string): string {
  const label = labelOf(given)
  const bad = firstBadByte(file, label)
  if (bad !== undefined) throw unreadable('notEncoded', encodingName(label), bad)
  return label
}

function labelOf(given: string): string {
  try {
    return decoderOf(given).encoding
  } catch {
    throw invalid(
      'encoding',
      'must be a label of the Encoding Standard, such as utf-8, windows-1252 or shift_jis',
    )
  }
}

function refuseAsciiAlike(file: string, head: Buffer): void {
  let before = 0
  for (const part of readParts(file)) {
    refusePartAsciiAlike(part, before, head)
    before += part.length
  }
}

/**
 * Refuses ISO-2022-JP and UTF-16 without a mark, which are ASCII to the eye of a UTF-8 decoder, and NUL, in a part of a file that
 * stands behind `before` bytes of it. Throws DomainError `unreadable-file`.
 */
export function refusePartAsciiAlike(part: Buffer, before: number, head: Buffer): void {
  if (part.includes(ESCAPE) && JAPANESE_ESCAPE.test(part.toString('latin1'))) {
    throw unreadable('otherEncoding', 'ISO-2022-JP')
  }
  const nul = part.indexOf(0)
  if (nul < 0) return
  const wide = before === 0 ? wideEncoding(head) : undefined
  throw wide ? unreadable('otherEncoding', wide) : unreadable('nulByte', before + nul + 1)
}

/** By where the zeros lie, which every ASCII character has there: at odd places or at even ones. */
function wideEncoding(head: Buffer): string | undefined {
  const zeros = [...head.subarray(0, FOUR_BYTES)].map((byte) => (byte === 0 ? '0' : 'x')).join('')
  const fourWide = { x000: 'UTF-32LE', '000x': 'UTF-32BE' }[zeros]
  if (fourWide !== undefined) return fourWide
  const sides = [...head.subarray(0, SEEN_BYTES)].flatMap((byte, at) => (byte === 0 ? [at % 2] : []))
  const odd = sides.filter((side) => side === 1).length
  // A few characters of others end in zeros: 一, and the wide blank.
  const most = Math.max(odd, sides.length - odd)
  if (most < FEWEST_ZEROS || most < sides.length * MOST_ON_ONE_SIDE) return undefined
  return odd === most ? 'UTF-16LE' : 'UTF-16BE'
}

function refuseOutsideWindows1252(file: string): void {
  let before = 0
  for (const part of readParts(file)) {
    const at = part.findIndex((byte) => MISSING_IN_WINDOWS_1252.includes(byte))
    if (at >= 0) {
      throw unreadable('notWestern', before + at + 1, part.toString('hex', at, at + 1))
    }
    before += part.length
  }
}

/** Whether a file is in EUC-JP that might pass for half-width katakana of Shift_JIS. */
export function readsAsEucJp(file: string): boolean {
  return readsAsJapanese(file, 'euc-jp', KANA_WORD)
}

function readsAsJapanese(file: string, label: string, word = JAPANESE_WORD): boolean {
  const decoder = decoderOf(label)
  let isFound = false
  let last = ''
  const mayBe = (text: string) => {
    isFound ||= word.test(last + text)
    last = text.slice(-1)
    return !HALF_WIDTH_KATAKANA.test(text)
  }
  try {
    for (const part of readParts(file)) if (!mayBe(decoder.decode(part, { stream: true }))) return false
    return mayBe(decoder.decode()) && isFound
  } catch {
    return false
  }
}

/** The place, counted from 1, of the byte at which the file stops being written in the encoding. */
export function firstBadByte(file: string, label: string): number | undefined {
  const decoder = decoderOf(label)
  let before = 0
  try {
    for (const part of readParts(file)) {
      decoder.decode(part, { stream: true })
      before += part.length
    }
    decoder.decode()
    return undefined
  } catch {
    return badByteAfter(file, label, before)
  }
}

/** A decoder that has failed does not tell where: another one gets the part in question byte by byte. */
function badByteAfter(file: string, label: string, start: number): number {
  const decoder = decoderOf(label)
  let at = 0
  try {
    for (const part of readParts(file)) {
      if (at < start) {
        decoder.decode(part, { stream: true })
        at += part.length
        continue
      }
      for (const byte of part) {
        decoder.decode(Uint8Array.of(byte), { stream: true })
        at++
      }
    }
    return at
  } catch {
    return at + 1
  }
}

/** What people call an encoding. */
export function encodingName(label: string): string {
  return { 'utf-8': 'UTF-8', shift_jis: 'Shift_JIS' }[label] ?? label.toUpperCase()
}
