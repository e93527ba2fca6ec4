import type { Client } from './connection.ts'
import type { Exclusion } from './failure.ts'
import { parts } from './parts.ts'

/** A mail as far as it decides who may get it. */
interface CheckedMail {
  from: string
  /** What filters look at; an array for a header that occurs several times. */
  headers?: Record<string, string | string[]>
  /** Opt-outs do not apply. */
  transactional?: boolean
}

export interface Checked {
  deliverable: string[]
  excluded: Exclusion[]
  /** What is not a mail address. */
  malformed: string[]
}

interface MintRequest {
  from: string
  to: string
  /** Of the mail that will carry the pair. */
  messageId?: string
  headers?: Record<string, string | string[]>
}

export interface HeaderPair {
  listUnsubscribe: string
  listUnsubscribePost: string
  url: string
  mailto?: string
}

/** Who would get a mail now: of any number of recipients, in their order. */
export async function check(
  client: Client,
  { recipients, ...mail }: CheckedMail & { recipients: Iterable<string> },
): Promise<Checked> {
  const all: Checked = { deliverable: [], excluded: [], malformed: [] }
  for (const part of parts(recipients)) {
    const answer = await client.post<Checked>('/check', { ...mail, recipients: part })
    all.deliverable = all.deliverable.concat(answer.deliverable)
    all.excluded = all.excluded.concat(answer.excluded)
    all.malformed = all.malformed.concat(answer.malformed)
  }
  return all
}

/** The two header values for a mail that someone else sends. */
export function mintHeaders(client: Client, mail: MintRequest): Promise<HeaderPair> {
  return client.post('/headers', mail)
}
