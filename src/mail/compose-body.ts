import { createHash } from 'node:crypto'
import * as base64 from 'nodemailer/lib/base64'
import * as quotedPrintable from 'nodemailer/lib/qp'
import { type HeaderField, headerField } from './header-block.ts'
import { encodeJapanese, type MailCharset } from './japanese-charset.ts'

/** What a message says, as text, as HTML or as both; lines may end in CR, LF or CRLF. */
export type MailContent = { text?: string | undefined; html?: string | undefined }

/**
 * A finished body, or a part of one: its Content-* fields and its bytes, to be preceded by any number of different
 * heads.
 */
export type MailBody = { fields: readonly HeaderField[]; bytes: Buffer }

/** Lines up to this length go out as they are; longer ones are encoded. */
const MAX_LINE = 76
/** Octets of a line without its CRLF (RFC 5322 §2.1.1). */
const MAX_OCTETS = 998
const SEVEN_BIT = /^[\t\r\n -~]*$/
const LONG_LINE = new RegExp(`[^\\r\\n]{${MAX_LINE + 1}}`)
/** UTF-8 bytes per UTF-16 unit from which base64 comes out shorter than quoted-printable. */
const DENSE = 1.1

/**
 * Builds a body in the charset; a part with a character that the charset lacks is in UTF-8. The body is one part, or
 * multipart/alternative with the HTML last (RFC 2046 §5.1.4), inside multipart/mixed when there are attachments
 * (§5.1.3).
 */
export function composeBody(
  { text, html }: MailContent,
  {
    charset = 'utf-8',
    attachments = [],
  }: { charset?: MailCharset | undefined; attachments?: MailBody[] } = {},
): MailBody {
  const parts = [
    ...(text === undefined && html !== undefined ? [] : [textPart('text/plain', text ?? '', charset)]),
    ...(html === undefined ? [] : [textPart('text/html', html, charset)]),
  ]
  const [only, another] = parts as [MailBody, MailBody?]
  const said = another ? multipart('alternative', parts) : only
  return attachments.length === 0 ? said : multipart('mixed', [said, ...attachments])
}

/**
 * The boundary is a digest of the parts, so that the same content gives the same bytes, and with them one DKIM body hash.
 * Each part's bytes end in CRLF.
 */
function multipart(subtype: 'alternative' | 'mixed', parts: readonly MailBody[]): MailBody {
  const digest = createHash('sha256')
  for (const { bytes } of parts) digest.update(bytes).update('\0')
  // no encoding lets "=_" through (RFC 2045 §6.7), and plain text cannot hold its own digest
  const boundary = `=_${digest.digest('base64url').slice(0, 32)}`
  return {
    fields: [headerField('Content-Type', `multipart/${subtype}; boundary="${boundary}"`)],
    bytes: Buffer.concat([
      ...parts.flatMap(({ fields, bytes }) => [
        Buffer.from(`--${boundary}\r\n${fields.map(({ raw }) => raw).join('')}\r\n`),
        bytes,
      ]),
      Buffer.from(`--${boundary}--\r\n`),
    ]),
  }
}

/** One part in the plainest encoding that fits: 7bit for short ASCII lines, otherwise the shorter of the other two. */
function textPart(type: 'text/plain' | 'text/html', content: string, charset: MailCharset): MailBody {
  const lines = content.replace(/\r\n?|\n/g, '\r\n')
  const text = lines.endsWith('\r\n') ? lines : `${lines}\r\n`
  const japanese = encodeJapanese(text, charset)
  const [encoding, bytes] = japanese ? encodeOctets(japanese) : encodeText(text)
  return {
    fields: [
      headerField('Content-Type', `${type}; charset=${japanese ? charset : 'utf-8'}`),
      headerField('Content-Transfer-Encoding', encoding),
    ],
    bytes,
  }
}

function encodeText(text: string): [encoding: string, lines: Buffer] {
  if (SEVEN_BIT.test(text) && !LONG_LINE.test(text)) return ['7bit', Buffer.from(text)]
  return Buffer.byteLength(text) > DENSE * text.length
    ? ['base64', base64Lines(Buffer.from(text))]
    : ['quoted-printable', Buffer.from(quotedPrintable.wrap(quotedPrintable.encode(text), MAX_LINE))]
}

/** ISO-2022-JP is made for 7bit (RFC 1468); anything with eight bits or long lines goes as base64. */
function encodeOctets(octets: Buffer): [encoding: string, lines: Buffer] {
  const lines = octets.toString('latin1').split('\r\n')
  const fits = octets.every((octet) => octet < 0x80) && lines.every(({ length }) => length <= MAX_OCTETS)
  return fits ? ['7bit', octets] : ['base64', base64Lines(octets)]
}

/** Base64 in lines as RFC 2045 §6.8 wants them, each ended by CRLF. */
export function base64Lines(bytes: Buffer): Buffer {
  return Buffer.from(`${base64.wrap(base64.encode(bytes), MAX_LINE)}\r\n`)
}
