import { isAscii, isUtf8 } from 'node:buffer'

/** ISO 2022 designations (RFC 1468, RFC 2237): only text in ISO-2022-JP and its kin holds them. */
const JIS_ESCAPE = /\x1b(?:\$[@AB(]|\([BIJ])/
const JAPANESE = ['euc-jp', 'shift_jis'] as const
/** Kana occur in every Japanese sentence, and next to never in what another charset's bytes happen to spell. */
const KANA = /[\u3041-\u3093\u30a1-\u30f6]/g
const ENOUGH_KANA = 2

/**
 * Bytes as text. Evidence in the bytes wins over the declaration, since reports often declare the charset of their own
 * software and not of what they quote: ISO 2022 escapes, then valid UTF-8, then the declared charset if every byte fits
 * it and nothing suggests Japanese, then EUC-JP or Shift_JIS, and finally Windows-1252, which knows every byte. Never
 * throws.
 */
export function decodeCharset(bytes: Uint8Array, declared: string | undefined): string {
  if (isAscii(bytes)) {
    const text = Buffer.from(bytes).toString('latin1')
    return JIS_ESCAPE.test(text) ? decode(bytes, 'iso-2022-jp') : text
  }
  if (isUtf8(bytes)) return decode(bytes, 'utf-8')
  if (JIS_ESCAPE.test(Buffer.from(bytes).toString('latin1'))) return decode(bytes, 'iso-2022-jp')
  const named = declared && decodeWhole(bytes, declared)
  if (named && kanaIn(named) >= ENOUGH_KANA) return named
  const japanese = JAPANESE.map((charset) => decodeWhole(bytes, charset))
    .filter((text) => text !== undefined)
    .toSorted((a, b) => kanaIn(b) - kanaIn(a))[0]
  if (japanese && kanaIn(japanese) >= ENOUGH_KANA) return japanese
  return named || decode(bytes, 'windows-1252')
}

function kanaIn(text: string): number {
  return text.match(KANA)?.length ?? 0
}

/** Undefined for an unknown charset, and when a byte does not fit. */
function decodeWhole(bytes: Uint8Array, charset: string): string | undefined {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function decode(bytes: Uint8Array, charset: string): string {
  return new TextDecoder(charset).decode(bytes)
}
