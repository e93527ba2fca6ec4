import { type DomainError, invalid } from '../../kernel/domain-error.ts'
import { readParts } from './file-bytes.ts'
import { refuseForeign } from './foreign-file.ts'
import { type FileFormat, unreadable } from './unreadable.ts'

const FOUR_BYTES = 4
/** Enough to see past the first word of a header, which may be in a script whose UTF-16 has no zero bytes. */
const SEEN_BYTES = 1_024
const FEWEST_ZEROS = 4
const MOST_ON_ONE_SIDE = 0.8
const ESCAPE = 0x1b
/** ISO-2022-JP's (RFC 1468) and its successors': other characters by escape sequences, in bytes that are all ASCII. */
const JAPANESE_ESCAPE = /\x1b(?:\$[@B]|\$\([@BDOQ]|\([IJ])/
/** https://encoding.spec.whatwg.org/#index-windows-1252 has a control character there; the code page has nothing. */
const MISSING_IN_WINDOWS_1252 = [0x81, 0x8d, 0x8f, 0x90, 0x9d]
/**
 * Japanese characters come in words. A single one is what Windows-1252 may look like: `ão` in São, or `’A` in L’Aquila,
 * is a kanji in Shift_JIS.
 */
const JAPANESE_WORD = /[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〆]{2}/
/** Where EUC-JP has kana, Shift_JIS has half-width punctuation, of which no text has two in a row. */
const KANA_WORD = /[\u3041-\u30ff]{2}/
const HALF_WIDTH_KATAKANA = /[\uff61-\uff9f]/

/** Byte order marks of encodings that are refused. */
const MARKS: readonly (readonly [bytes: string, name: string])[] = [
  ['fffe0000', 'UTF-32'],
  ['0000feff', 'UTF-32'],
  ['fffe', 'UTF-16'],
  ['feff', 'UTF-16'],
]

/** The encoding of a file, as a label of the Encoding Standard. */
export interface FoundEncoding {
  label: string
  /** What to throw unless the file is a known export: plain lists of addresses are not taken in this encoding. */
  unlessExport?: DomainError
}

/**
 * Finds out the encoding of a file: UTF-8 or Windows-1252, or Shift_JIS or EUC-JP, which only exports of Japanese
 * systems may be in. A given encoding overrides the finding, and then the file has to be valid in it. Throws
 * DomainError `unreadable-file`, which says what was found, or `invalid-value` for an encoding that does not exist.
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
      // Chinese and Korean encodings have bytes of the same shape, but no kana there.
      const isOfMany = label === 'euc-jp' && !readsAsEucJp(file)
      const refusal = unreadable('japanese', isOfMany ? 'EUC-JP/GBK/EUC-KR' : encodingName(label))
      if (isOfMany || format === 'text') throw refusal
      return { label, unlessExport: refusal }
    }
  }
  refuseOutsideWindows1252(file)
  return { label: 'windows-1252' }
}

/** Refuses, naming it, anything that is not text, or whose encoding does not write ASCII characters as ASCII bytes. */
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

/** A decoder that fails at the first byte that is invalid in the encoding; a byte order mark is dropped. */
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
 * Refuses what a UTF-8 decoder would accept as ASCII: ISO-2022-JP, UTF-16 without a mark, and NUL. `part` is a part of
 * a file, preceded by `before` bytes. Throws DomainError `unreadable-file`.
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

/** Told by where the zero bytes are, of which every ASCII character has one: at odd or at even positions. */
function wideEncoding(head: Buffer): string | undefined {
  const zeros = [...head.subarray(0, FOUR_BYTES)].map((byte) => (byte === 0 ? '0' : 'x')).join('')
  const fourWide = { x000: 'UTF-32LE', '000x': 'UTF-32BE' }[zeros]
  if (fourWide !== undefined) return fourWide
  const sides = [...head.subarray(0, SEEN_BYTES)].flatMap((byte, at) => (byte === 0 ? [at % 2] : []))
  const odd = sides.filter((side) => side === 1).length
  // A few non-ASCII characters have a zero byte too: 一, and the ideographic space.
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

/** Whether a file that might pass for Shift_JIS in half-width katakana is in EUC-JP. */
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

/** The position, counted from 1, of the first byte that is invalid in the encoding. */
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

/** A failing decoder does not tell where: another one is given the part in question byte by byte. */
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
