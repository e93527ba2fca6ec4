import { decodeCharset } from './charset.ts'
import { type ContentType, parseContentType } from './content-type.ts'
import { type HeaderField, parseHeaderBlock, valuesOf } from './header-block.ts'
import { decodeTransferEncoding } from './transfer-encoding.ts'

/** A message or a part of one, with what is nested inside it. */
export interface MimePart {
  fields: readonly HeaderField[]
  contentType: ContentType
  /** As it stands, one character per byte, lines ending in LF; cut off at the bounds below. */
  body: string
  /** The parts of a multipart, or the one message inside a message/rfc822. */
  parts: readonly MimePart[]
}

/** How many octets are looked at: no report is longer, only the mail that it returns. */
const MOST_OCTETS = 2_097_152
const MOST_HEAD = 262_144
const MOST_PARTS = 500
const DEEPEST = 20
/** Characters of one part that are decoded. */
const MOST_TEXT = 524_288
const LONGEST_BOUNDARY = 1_000
/** A line that can only be a boundary whose declaration is missing: a part's header follows it. */
const LOST_BOUNDARY = /^--([^\s-][^\n]{0,200})\n(?=content-[a-z-]{1,40}:)/im
const MESSAGE_TYPES = new Set(['message/rfc822', 'message/global', 'message/news', 'message/partial'])

/**
 * Reads a message into its parts (RFC 2045, RFC 2046). Lines may end in CRLF, LF or CR. Made for mail from strangers:
 * never throws, looks at the first 2 MiB, 500 parts and 20 levels, and makes the best of broken structures.
 */
export function readMimeTree(raw: Uint8Array): MimePart {
  const text = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, MOST_OCTETS))
    .toString('latin1')
    .replace(/\r\n?/g, '\n')
  return readPart(text, { left: MOST_PARTS }, 0)
}

/** The part's content as text: transfer encoding and charset undone. */
export function textOf({ fields, contentType, body }: MimePart): string {
  const encoding = valuesOf(fields, 'Content-Transfer-Encoding')[0]
  const bytes = decodeTransferEncoding(body.slice(0, MOST_TEXT), encoding)
  return decodeCharset(bytes, contentType.parameters.get('charset')).replace(/\r\n?/g, '\n')
}

/** The part itself and all parts below it, from top to bottom. `into` says whether to descend into a part. */
export function* walkParts(
  part: MimePart,
  into: (part: MimePart) => boolean = () => true,
): Generator<MimePart> {
  yield part
  if (into(part)) for (const child of part.parts) yield* walkParts(child, into)
}

/** Whether the part holds a complete message. */
export function isMessage({ contentType }: MimePart): boolean {
  return MESSAGE_TYPES.has(contentType.type)
}

function readPart(text: string, room: { left: number }, depth: number): MimePart {
  const { head, body } = splitHead(text)
  const fields = parseHeaderBlock(Buffer.from(head.slice(0, MOST_HEAD), 'latin1'))
  const contentType = parseContentType(valuesOf(fields, 'Content-Type')[0])
  const part = { fields, contentType, body }
  if (depth >= DEEPEST) return { ...part, parts: [] }
  const contents = isMessage({ ...part, parts: [] })
    ? [decodeTransferEncoding(body, valuesOf(fields, 'Content-Transfer-Encoding')[0]).toString('latin1')]
    : contentType.type.startsWith('multipart/')
      ? cutMultipart(body, contentType.parameters.get('boundary'), room.left)
      : []
  const parts: MimePart[] = []
  for (const content of contents) {
    if (room.left-- <= 0) break
    parts.push(readPart(content, room, depth + 1))
  }
  return { ...part, parts }
}

/** A part may begin with the empty line: then it has no head. */
function splitHead(text: string): { head: string; body: string } {
  if (text.startsWith('\n')) return { head: '', body: text.slice(1) }
  const end = text.indexOf('\n\n')
  return end === -1 ? { head: text, body: '' } : { head: text.slice(0, end + 1), body: text.slice(end + 2) }
}

/** The contents between the boundary lines (RFC 2046 §5.1.1); a missing last one ends with the text. */
function cutMultipart(body: string, declared: string | undefined, most: number): string[] {
  const text = `\n${body}`
  const isUsable = declared && declared.length <= LONGEST_BOUNDARY && text.includes(`\n--${declared}`)
  const boundary = isUsable ? declared.trimEnd() : LOST_BOUNDARY.exec(body)?.[1]?.trimEnd()
  if (!boundary) return []
  const contents: string[] = []
  let begin: number | undefined
  for (const { at, end, isLast } of delimiterLines(text, `\n--${boundary}`)) {
    if (begin !== undefined) contents.push(text.slice(begin, Math.max(at, begin)))
    begin = end + 1
    if (isLast || contents.length >= most) return contents
  }
  if (begin !== undefined) contents.push(text.slice(begin))
  return contents
}

/**
 * The lines that hold nothing but the boundary; each range begins with the line end before it, which belongs to the
 * boundary, and ends with its own.
 */
function* delimiterLines(
  text: string,
  delimiter: string,
): Generator<{ at: number; end: number; isLast: boolean }> {
  for (let at = text.indexOf(delimiter); at !== -1; at = text.indexOf(delimiter, at + 1)) {
    const lineEnd = text.indexOf('\n', at + 1)
    const end = lineEnd === -1 ? text.length : lineEnd
    const rest = text.slice(at + delimiter.length, end).trim()
    if (rest === '' || rest === '--') yield { at, end, isLast: rest === '--' }
  }
}
