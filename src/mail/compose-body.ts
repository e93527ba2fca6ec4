import { createHash } from 'node:crypto'
import * as base64 from 'nodemailer/lib/base64'
import * as quotedPrintable from 'nodemailer/lib/qp'
import { type HeaderField, headerField } from './header-block.ts'

/** What a message says, as text, as HTML or as both; lines may end in CR, LF or CRLF. */
export type MailContent = { text?: string | undefined; html?: string | undefined }

/** A finished body: its Content-* fields and its bytes, which any number of heads can be put before. */
export type MailBody = { fields: readonly HeaderField[]; bytes: Buffer }

/** Lines up to this length go out as they are; longer ones are encoded. */
const MAX_LINE = 76
const SEVEN_BIT = /^[\t\r\n -~]*$/
const LONG_LINE = new RegExp(`[^\\r\\n]{${MAX_LINE + 1}}`)
/** UTF-8 bytes per UTF-16 unit from which base64 comes out shorter than quoted-printable. */
const DENSE = 1.1

/**
 * Builds a body in UTF-8: one part, or multipart/alternative with the HTML last (RFC 2046 §5.1.4). The boundary is a
 * digest of the content, so that the same content gives the same bytes, and with them one DKIM body hash.
 */
export function composeBody({ text, html }: MailContent): MailBody {
  if (text === undefined || html === undefined) {
    return html === undefined ? textPart('text/plain', text ?? '') : textPart('text/html', html)
  }
  const parts = [textPart('text/plain', text), textPart('text/html', html)]
  const digest = createHash('sha256')
  for (const { bytes } of parts) digest.update(bytes).update('\0')
  // no encoding lets "=_" through (RFC 2045 §6.7), and plain text cannot hold its own digest
  const boundary = `=_${digest.digest('base64url').slice(0, 32)}`
  return {
    fields: [headerField('Content-Type', `multipart/alternative; boundary="${boundary}"`)],
    bytes: Buffer.concat([
      ...parts.flatMap(({ fields, bytes }) => [
        Buffer.from(`--${boundary}\r\n${fields.map(({ raw }) => raw).join('')}\r\n`),
        bytes,
      ]),
      Buffer.from(`--${boundary}--\r\n`),
    ]),
  }
}

/** One part in the plainest encoding that fits: 7bit for short ASCII lines, else the shorter of the two others. */
function textPart(type: 'text/plain' | 'text/html', content: string): MailBody {
  const text = content.replace(/\r\n?|\n/g, '\r\n')
  const [encoding, lines] = encodeText(text.endsWith('\r\n') ? text : `${text}\r\n`)
  return {
    fields: [
      headerField('Content-Type', `${type}; charset=utf-8`),
      headerField('Content-Transfer-Encoding', encoding),
    ],
    bytes: Buffer.from(lines),
  }
}

function encodeText(text: string): [encoding: string, lines: string] {
  if (SEVEN_BIT.test(text) && !LONG_LINE.test(text)) return ['7bit', text]
  return Buffer.byteLength(text) > DENSE * text.length
    ? ['base64', `${base64.wrap(base64.encode(text), MAX_LINE)}\r\n`]
    : ['quoted-printable', quotedPrintable.wrap(quotedPrintable.encode(text), MAX_LINE)]
}
