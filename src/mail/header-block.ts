import { foldLines } from 'nodemailer/lib/mime-funcs'
import { invalid } from '../kernel/domain-error.ts'

const CR = 0x0d
const LF = 0x0a
/** Octets of a line without its CRLF (RFC 5322 §2.1.1). */
const MAX_LINE = 998
/**
 * ftext (RFC 5322 §2.2); blanks before the colon, even a fold, are obsolete syntax (§4.5.8), but receivers read it as a
 * field.
 */
const FIELD_START = /^([!-9;-~]+)[ \t\r\n]*:/
/** In octets; servers cut or refuse heads at a tenth of that. */
const MOST_HEAD = 1_048_576
const FIELD_NAME = /^[!-9;-~]+$/
const ASCII_TEXT = /^[\t -~]*$/

/**
 * One header field exactly as it stands in the message. `raw` holds one character per byte (latin1), with the folding
 * and the line break, so that a field which nobody touched goes out as it came in.
 */
export class HeaderField {
  readonly raw: string
  /** As written; empty for a line that is not a field. */
  readonly name: string
  /** `name` in lower case: what fields are compared by. */
  readonly key: string

  constructor(raw: string) {
    this.raw = raw
    this.name = FIELD_START.exec(raw)?.[1] ?? ''
    this.key = this.name.toLowerCase()
  }

  /** What follows the colon, unfolded (RFC 5322 §2.2.3), read as UTF-8 (RFC 6532), without blanks at either end. */
  get value(): string {
    const content = this.raw.slice(this.raw.indexOf(':') + 1)
    return Buffer.from(content.replace(/\r?\n/g, ''), 'latin1').toString('utf8').trim()
  }
}

/**
 * Splits a message at its first empty line, which belongs to neither side; lines may end in CRLF or LF. Without an
 * empty line everything is head. Both sides are views of `raw`, not copies.
 */
export function splitMessage(raw: Buffer): { head: Buffer; body: Buffer } {
  let line = 0
  while (line < raw.length) {
    const breakLength = raw[line] === LF ? 1 : raw[line] === CR && raw[line + 1] === LF ? 2 : 0
    if (breakLength > 0) return { head: raw.subarray(0, line), body: raw.subarray(line + breakLength) }
    const end = raw.indexOf(LF, line)
    if (end === -1) break
    line = end + 1
  }
  return { head: raw, body: raw.subarray(raw.length) }
}

/**
 * Parses a head into fields, each with its folded lines. A line without a name and colon is kept as a nameless field.
 * @throws DomainError invalid-value (`raw`) for an absurdly long head: each field takes many times its octets in
 * memory.
 */
export function parseHeaderBlock(head: Buffer): HeaderField[] {
  if (head.length > MOST_HEAD) throw invalid('raw', `has a header of more than ${MOST_HEAD} octets`)
  const text = head.toString('latin1')
  const fields: HeaderField[] = []
  let start = 0
  while (start < text.length) {
    let end = start
    do {
      const lineBreak = text.indexOf('\n', end)
      end = lineBreak === -1 ? text.length : lineBreak + 1
    } while (isBlank(text[end]))
    fields.push(new HeaderField(text.slice(start, end)))
    start = end
  }
  return fields
}

/** The fields of a whole message. Throws as `parseHeaderBlock` does. */
export function headerFields(raw: Buffer): HeaderField[] {
  return parseHeaderBlock(splitMessage(raw).head)
}

/** The values of all fields of that name, top to bottom. */
export function valuesOf(fields: readonly HeaderField[], name: string): string[] {
  const key = name.toLowerCase()
  return fields.filter((field) => field.key === key).map((field) => field.value)
}

/** The fields with none of these names. */
export function withoutFields(fields: readonly HeaderField[], ...names: string[]): HeaderField[] {
  const keys = new Set(names.map((name) => name.toLowerCase()))
  return fields.filter((field) => !keys.has(field.key))
}

/**
 * Puts fields on top, but below a stray continuation line in first place, which would otherwise become part of the new
 * field.
 */
export function prependFields(fields: readonly HeaderField[], ...added: HeaderField[]): HeaderField[] {
  const stray = isBlank(fields[0]?.raw[0]) ? 1 : 0
  return [...fields.slice(0, stray), ...added, ...fields.slice(stray)]
}

/** The whole message: the fields, an empty line, the body as it is. */
export function joinMessage(fields: readonly HeaderField[], body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${fields.map(({ raw }) => ended(raw)).join('')}\r\n`, 'latin1'), body])
}

/**
 * A new field on one unfolded line.
 * @param field what the caller calls the value, for the error.
 * @throws DomainError invalid-value for a name that is not ftext, for anything but printable ASCII and TAB in the value
 * (so no CR, LF or NUL gets in), and for a line of more than 998 octets.
 */
export function headerField(name: string, value: string, field = name): HeaderField {
  return newField(name, value, `${name}: ${value}`, field)
}

/**
 * Like `headerField`, but folded at its blanks where a line would pass 76 columns. A run of blanks counts as one:
 * otherwise it could fold into a line of nothing but blanks, which some software takes for the end of the head.
 */
export function foldedField(name: string, value: string, field = name): HeaderField {
  return newField(name, value, foldLines(`${name}: ${value.replace(/[ \t]+/g, ' ')}`, 76), field)
}

function newField(name: string, value: string, lines: string, field: string): HeaderField {
  if (!FIELD_NAME.test(name)) throw invalid(field, 'A header name is printable ASCII without blank or colon.')
  if (!ASCII_TEXT.test(value)) throw invalid(field, `${name} must be one line of printable ASCII.`)
  if (lines.split('\r\n').some((line) => line.length > MAX_LINE)) throw invalid(field, `${name} is too long.`)
  return new HeaderField(`${lines}\r\n`)
}

function ended(raw: string): string {
  return raw.endsWith('\n') ? raw : `${raw}\r\n`
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t'
}
