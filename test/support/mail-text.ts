/** The text of a mail of one part, as its reader sees it. */
export function textOfMail(raw: Buffer): { head: string; text: string } {
  const [head = '', body = ''] = raw
    .toString('latin1')
    .replaceAll('\r\n', '\n')
    .split(/\n\n(.*)/s)
  return { head, text: decodeBody(head, body) }
}

function decodeBody(head: string, body: string): string {
  if (/^Content-Transfer-Encoding: base64$/im.test(head)) return Buffer.from(body, 'base64').toString()
  if (!/^Content-Transfer-Encoding: quoted-printable$/im.test(head)) return body
  const bytes = body
    .replaceAll('=\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}
