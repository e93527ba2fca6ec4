import type { IncomingMessage } from 'node:http'

/** Twenty texts of 200 characters, percent-encoded, with their names. */
const MOST_BYTES = 64 * 1024
const MOST_MS = 10_000

export interface FormBody {
  /** The fields by name; undefined when the body is not a form, too large or not whole. */
  fields: URLSearchParams | undefined
  /** False when the rest of it was not waited for: the connection cannot be used again. */
  complete: boolean
}

/** Reads the body of a form as a browser sends it (`application/x-www-form-urlencoded`, in UTF-8). Never rejects. */
export async function readFormBody(
  request: IncomingMessage,
  { mostMs = MOST_MS }: { mostMs?: number } = {},
): Promise<FormBody> {
  const isForm = /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(request.headers['content-type'] ?? '')
  const bytes = isForm ? await readWhole(request, mostMs) : undefined
  // Whatever still comes is read and thrown away while the answer is made: with unread data, a TCP reset could destroy
  // the answer.
  if (!bytes) request.resume()
  return { fields: bytes && new URLSearchParams(bytes.toString('utf8')), complete: bytes !== undefined }
}

function readWhole(request: IncomingMessage, mostMs: number): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let length = 0
    const finish = (isWhole: boolean) => {
      clearTimeout(timer)
      request.off('data', onData).off('end', onEnd).off('close', onBreak)
      resolve(isWhole ? Buffer.concat(chunks) : undefined)
    }
    const onBreak = () => finish(false)
    const onEnd = () => finish(request.complete)
    const onData = (chunk: Buffer) => {
      chunks.push(chunk)
      length += chunk.length
      if (length > MOST_BYTES) finish(false)
    }
    const timer = setTimeout(onBreak, mostMs)
    // Stays for as long as the request: a connection that breaks after the answer must not end the process.
    request.on('error', onBreak)
    request.on('data', onData).on('end', onEnd).on('close', onBreak)
  })
}
