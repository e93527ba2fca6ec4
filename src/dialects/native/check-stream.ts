import type { Readable } from 'node:stream'
import { z } from 'zod'
import type { CheckRecipients } from '../../delivery/decide/check-recipients.ts'
import { DomainError, invalid } from '../../kernel/domain-error.ts'
import { readInput } from '../../kernel/mistakes.ts'
import type { Service } from '../../tenants/service.ts'
import { checkedMail } from './checked-mail.ts'
import { decodeMailbox } from './decode.ts'
import { encodeExclusion } from './encode.ts'
import { toProblem } from './errors.ts'

const MOST_CHARACTERS_PER_LINE = 65_536

const head = z.strictObject(checkedMail)

export interface CheckStreamParts {
  service: Service
  checkRecipients: CheckRecipients
  /** Called with the reason when an answer breaks off. */
  onError(error: unknown): void
}

/**
 * Checks any number of recipients, one chunk of input at a time: no more is ever held, and nothing is read while the
 * answer is not being read. Throws DomainErrors for the first line, which is the mail. A later mistake, and a look-up
 * that cannot be made, end the answer with a line `{"problem"}`: a recipient without a line was not found deliverable.
 */
export async function checkStream(input: Readable, parts: CheckStreamParts): Promise<AsyncIterable<string>> {
  const chunks = readLines(input)
  const { mail, rest } = await readHead(chunks)
  const request = { ...mail, service: parts.service }
  const check = async (batch: Line[]) => {
    const recipients = batch.map(parseRecipient)
    return answerLines(recipients, await parts.checkRecipients({ ...request, recipients }))
  }
  return answer([rest, chunks], check, parts.onError)
}

async function readHead(chunks: AsyncGenerator<Line[]>) {
  try {
    const { value: lines = [] } = (await chunks.next()) as { value?: Line[] }
    const [first, ...rest] = lines
    if (!first) throw new DomainError('malformed-body', 'the first line must be the mail')
    const mail = readInput(head, parse(first))
    return { mail: { ...mail, from: decodeMailbox(mail.from, 'from') }, rest }
  } catch (error) {
    await chunks.return(undefined)
    throw error
  }
}

/** The lines of the answer; a mistake in `rest` is reported before anything of `chunks` is asked for. */
async function* answer(
  [rest, chunks]: [Line[], AsyncGenerator<Line[]>],
  check: (batch: Line[]) => Promise<string>,
  onError: (error: unknown) => void,
): AsyncGenerator<string> {
  try {
    if (rest.length > 0) yield await check(rest)
    for await (const lines of chunks) yield await check(lines)
  } catch (error) {
    onError(error)
    yield `${JSON.stringify({ problem: toProblem(error) })}\n`
  } finally {
    await chunks.return(undefined)
  }
}

function answerLines(
  recipients: readonly string[],
  { excluded, malformed }: Awaited<ReturnType<CheckRecipients>>,
): string {
  const exclusions = new Map(excluded.map((exclusion) => [exclusion.address, exclusion]))
  const broken = new Set(malformed)
  const verdict = (address: string) => {
    const exclusion = exclusions.get(address)
    if (exclusion) return { deliverable: false, ...encodeExclusion(exclusion) }
    return broken.has(address)
      ? { address, deliverable: false, malformed: true }
      : { address, deliverable: true }
  }
  return recipients.map((address) => `${JSON.stringify(verdict(address))}\n`).join('')
}

interface Line {
  number: number
  text: string
}

/**
 * The complete lines of each chunk; blank ones are left out. Stopping early does not break the connection: what still
 * comes is thrown away, so that the answer arrives and the next request can follow.
 */
async function* readLines(input: Readable): AsyncGenerator<Line[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let number = 0
  let begun = ''
  const take = (text: string, end: boolean) => {
    const lines = (begun + text).split('\n')
    begun = end ? '' : (lines.pop() ?? '')
    if (begun.length > MOST_CHARACTERS_PER_LINE) {
      throw new DomainError('too-large', `line ${number + lines.length + 1} has no end`)
    }
    return lines.map((line) => ({ number: ++number, text: line })).filter((line) => line.text.trim() !== '')
  }
  try {
    for await (const chunk of input.iterator({ destroyOnReturn: false })) {
      const lines = take(decode(decoder, chunk as Buffer), false)
      if (lines.length > 0) yield lines
    }
    const last = take(decode(decoder), true)
    if (last.length > 0) yield last
  } finally {
    input.resume()
  }
}

function decode(decoder: TextDecoder, chunk?: Buffer): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode()
  } catch (cause) {
    throw new DomainError('malformed-body', 'the body is not UTF-8', { cause })
  }
}

function parse({ number, text }: Line): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new DomainError('malformed-body', `line ${number} is not JSON`, { cause })
  }
}

function parseRecipient(line: Line): string {
  const recipient = parse(line)
  if (typeof recipient === 'string') return recipient
  throw invalid(`line ${line.number}`, 'must be one address as a JSON string')
}
