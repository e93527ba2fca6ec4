import Encoding from 'encoding-japanese'

/** The charsets of composed mail. The Japanese ones are for mail readers that do not know UTF-8. */
export const MAIL_CHARSETS = ['utf-8', 'iso-2022-jp', 'shift_jis'] as const
export type MailCharset = (typeof MAIL_CHARSETS)[number]

const LIBRARY_NAMES = { 'iso-2022-jp': 'JIS', shift_jis: 'SJIS' } as const
/** Characters that Japanese conversion tables map to one another: which of the two comes back says nothing. */
const TWINS: Readonly<Record<string, string>> = {
  '〜': '～',
  '−': '－',
  '‖': '∥',
  '—': '―',
  '¢': '￠',
  '£': '￡',
  '¬': '￢',
  '¦': '￤',
}
const TWIN = new RegExp(`[${Object.keys(TWINS).join('')}]`, 'g')

/**
 * Text in a Japanese charset; undefined when it holds a character that the charset lacks, and for UTF-8, which needs no help.
 * ISO-2022-JP has no half-width katakana (RFC 1468): they go as full-width ones.
 */
export function encodeJapanese(text: string, charset: MailCharset): Buffer | undefined {
  if (charset === 'utf-8') return undefined
  const writable = charset === 'iso-2022-jp' ? Encoding.toZenkanaCase(text) : text
  const codes = Encoding.convert(Encoding.stringToCode(writable), {
    from: 'UNICODE',
    to: LIBRARY_NAMES[charset],
    type: 'array',
  })
  const bytes = Buffer.from(codes)
  const readBack = new TextDecoder(charset).decode(bytes)
  return withoutTwins(readBack) === withoutTwins(writable) ? bytes : undefined
}

function withoutTwins(text: string): string {
  return text.replace(TWIN, (character) => TWINS[character] as string)
}
