import type { IncomingMessage } from 'node:http'
import { type UnsubscribeVerdict, unsubscribeVerdict } from './unsubscribe-verdict.ts'

const MOST_BYTES = 8 * 1024
const EXCERPT_BYTES = 1024
const MOST_MS = 5_000

/**
 * What the body of a POST says. `excerpt` is its first KiB as text for the evidence. `complete` is false when the rest
 * of it was not waited for; the answer then has to close the connection.
 */
export type UnsubscribeBody = {
  readonly verdict: UnsubscribeVerdict
  readonly excerpt: string
  readonly complete: boolean
}

/**
 * Reads a body of any kind until its end, until 8 KiB, until the client hangs up or for `mostMs`, whichever comes
 * first, and decides on what has come. Never rejects: a client that names a wrong length (the sample in RFC 8058
 * section 8.3 invites it), hangs up or sends without end has still asked to be unsubscribed.
 */
export async function readUnsubscribeBody(
  request: IncomingMessage,
  options: { mostMs?: number } = {},
): Promise<UnsubscribeBody> {
  const body = await readStart(request, options.mostMs ?? MOST_MS)
  return {
    verdict: unsubscribeVerdict(body),
    excerpt: toEvidence(body.subarray(0, EXCERPT_BYTES)),
    complete: request.complete && request.readableEnded,
  }
}

function readStart(request: IncomingMessage, mostMs: number): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let length = 0

    const finish = () => {
      clearTimeout(timer)
      request.off('data', onData).off('end', finish).off('close', finish)
      // Whatever still comes is read and thrown away while the answer is made: with unread data, a TCP reset could
      // destroy the answer.
      request.resume()
      resolve(Buffer.concat(chunks).subarray(0, MOST_BYTES))
    }
    const onData = (chunk: Buffer) => {
      chunks.push(chunk)
      length += chunk.length
      if (length >= MOST_BYTES) finish()
    }
    const timer = setTimeout(finish, mostMs)
    // Stays for as long as the request: a connection that breaks after the verdict must not end the process.
    request.on('error', finish)
    request.on('data', onData).on('end', finish).on('close', finish)
    if (request.readableEnded || request.destroyed) finish()
  })
}

/** Text that every database takes: no NUL, and what is not UTF-8 replaced. */
function toEvidence(bytes: Buffer): string {
  return bytes.toString('utf8').replaceAll('\0', '\uFFFD')
}
