const SOFT_BREAK = /=[ \t]*\n/g
const OCTET = /=([\da-f]{2})/gi

/**
 * Undoes a Content-Transfer-Encoding (RFC 2045 §6). `text` holds one character per byte and its lines end in LF.
 * Invalid input is left as it is, or skipped in base64, as RFC 2045 §6.7 and §6.8 advise; an unknown encoding counts as
 * none.
 */
export function decodeTransferEncoding(text: string, encoding: string | undefined): Buffer {
  switch (encoding?.trim().toLowerCase()) {
    case 'base64':
      return Buffer.from(text, 'base64')
    case 'quoted-printable':
      return Buffer.from(
        text
          .replace(SOFT_BREAK, '')
          .replace(OCTET, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
        'latin1',
      )
    default:
      return Buffer.from(text, 'latin1')
  }
}
