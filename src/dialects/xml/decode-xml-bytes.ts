import { DomainError } from '../../kernel/domain-error.ts'

/** Names of encodings in declarations, in lower case, and the decoder behind each. */
const DECODERS: Readonly<Record<string, string>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'us-ascii': 'us-ascii',
  ascii: 'us-ascii',
  'iso-8859-1': 'latin1',
  shift_jis: 'shift_jis',
  'shift-jis': 'shift_jis',
  sjis: 'shift_jis',
  x_sjis: 'shift_jis',
  'x-sjis': 'shift_jis',
  'windows-31j': 'shift_jis',
  cp932: 'shift_jis',
  'sjis-win': 'shift_jis',
  'euc-jp': 'euc-jp',
  eucjp: 'euc-jp',
  'x-euc-jp': 'euc-jp',
  'eucjp-win': 'euc-jp',
  'iso-2022-jp': 'iso-2022-jp',
}

const BYTE_ORDER_MARKS = [
  { mark: Buffer.from([0xef, 0xbb, 0xbf]), decoder: 'utf-8', declared: /^utf-?8$/i },
  { mark: Buffer.from([0xfe, 0xff]), decoder: 'utf-16be', declared: /^utf-16(?:be)?$/i },
  { mark: Buffer.from([0xff, 0xfe]), decoder: 'utf-16le', declared: /^utf-16(?:le)?$/i },
] as const

/** As far as a declaration reaches; XML 1.0 §2.8. */
const DECLARATION = /^<\?xml\s+version\s*=\s*(?:"[^"]*"|'[^']*')\s+encoding\s*=\s*(["'])([A-Za-z][\w.-]*)\1/
const MOST_DECLARATION_BYTES = 512

/**
 * The text of an XML document by its byte order mark or its declaration; UTF-8 without either (XML 1.0 §4.3.3). UTF-16
 * needs its mark. Throws DomainError `malformed-body` for an encoding that is unknown, contradicts the mark, or does
 * not fit the bytes: nothing is mended, since a mended address would be somebody else's.
 */
export function decodeXmlBytes(bytes: Buffer): string {
  const marked = BYTE_ORDER_MARKS.find(({ mark }) => bytes.subarray(0, mark.length).equals(mark))
  if (!marked)
    return decode(bytes, decoderOf(declaredIn(bytes.toString('latin1', 0, MOST_DECLARATION_BYTES))))
  const text = decode(bytes.subarray(marked.mark.length), marked.decoder)
  // A second mark is a character, and none may stand before the root; the parser would pass over it.
  if (text.startsWith('\ufeff')) throw refusal('the byte order mark stands there twice')
  const declared = declaredIn(text.slice(0, MOST_DECLARATION_BYTES))
  if (declared !== undefined && !marked.declared.test(declared)) {
    throw refusal('the byte order mark and the declaration name different encodings')
  }
  return text
}

function declaredIn(head: string): string | undefined {
  return DECLARATION.exec(head)?.[2]
}

function decoderOf(declared = 'utf-8'): string {
  const name = declared.toLowerCase()
  const decoder = Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined
  if (decoder === undefined) throw refusal('the declaration names an encoding that is not read here')
  return decoder
}

function decode(bytes: Buffer, decoder: string): string {
  if (decoder === 'latin1') return bytes.toString('latin1')
  if (decoder === 'us-ascii') {
    if (bytes.some((byte) => byte > 0x7f)) throw refusal('the bytes are not us-ascii')
    return bytes.toString('latin1')
  }
  try {
    return new TextDecoder(decoder, { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw refusal(`the bytes are not ${decoder}`, cause)
  }
}

function refusal(message: string, cause?: unknown): DomainError {
  return new DomainError('malformed-body', message, { cause })
}
