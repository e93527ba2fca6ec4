import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

/** What a mailbox provider sends when a recipient presses "unsubscribe" (RFC 8058 §3.2), byte by byte. */
export function oneClickPost(url: URL): string {
  const body = 'List-Unsubscribe=One-Click'
  return [
    `POST ${url.pathname} HTTP/1.1`,
    `Host: ${url.host}`,
    'Content-Type: application/x-www-form-urlencoded',
    `Content-Length: ${body.length}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n')
}

/** Sends the bytes to where the URL points; answers the first line of the answer. */
export async function sendRaw(url: URL, request: string): Promise<string> {
  const socket = connect(Number(url.port), url.hostname)
  socket.write(request)
  const [statusLine = ''] = (await text(socket)).split('\r\n')
  return statusLine
}
