import type { Client } from './connection.ts'
import { asUpload, type FileContent } from './file-content.ts'
import { type Page, pages } from './pages.ts'
import { query } from './query.ts'

type Kind = 'bounce' | 'complaint' | 'unsubscribe' | 'sign-up' | 'other'

type Outcome =
  | 'hard'
  | 'soft'
  | 'sender'
  | 'complaint'
  | 'unsubscribed'
  | 'joined'
  | 'asked'
  | 'nothing'
  | 'not-understood'

export interface ReceivedMail {
  id: number
  kind: Kind
  outcome: Outcome
  /** Whom it is about. */
  address: string | null
  /** The number of our message. */
  messageId: number | null
  /** Code, diagnostic and rule, or why it was not understood. */
  detail: Record<string, unknown>
  /** Of the envelope; empty is the null sender. */
  sender: string | null
  recipient: string | null
  clientAddress: string | null
  receivedAt: string
  resolvedAt: string | null
  resolvedBy: string | null
  size: number
}

/** Mail that comes back: bounces, complaints, unsubscribes, blank mail. */
export function inboundOf(client: Client) {
  const path = (id: number) => `/inbound/${id}`
  return {
    /** Takes in a mail that somebody else received; the same one twice counts once. */
    take: async (mail: FileContent, { recipient }: { recipient?: string } = {}) => {
      const answer = await client.transfer(
        `/inbound${query({ recipient })}`,
        asUpload(mail, 'message/rfc822'),
      )
      const { items } = (await answer.json()) as {
        items: { kind: Kind; outcome: Outcome | 'repeat' | 'not-kept' }[]
      }
      return items
    },
    /** Newest first. `open`: not understood, and nobody has dealt with it yet. */
    list: (filter: { open?: boolean; outcome?: Outcome } = {}) =>
      pages((page) => client.get<Page<ReceivedMail>>(`/inbound${page}`), filter),
    get: (id: number) => client.get<ReceivedMail>(path(id)),
    /** The mail as it came in, or as much of it as is kept. */
    raw: async (id: number): Promise<Uint8Array> => (await client.transfer(`${path(id)}/raw`, {})).bytes(),
    /** Marks one as dealt with. */
    resolve: (id: number) => client.post<ReceivedMail>(`${path(id)}/resolve`, {}),
    /** Reads one again that was not understood. */
    retry: (id: number) => client.post<ReceivedMail>(`${path(id)}/retry`, {}),
    /** Where mail for the service comes in; all null where there is no inbound domain. */
    addresses: () =>
      client.get<Record<'complaints' | 'signUp' | 'unsubscribe', string | null>>('/inbound/addresses'),
  }
}
