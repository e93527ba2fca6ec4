import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type {
  Accepted,
  Changed,
  Checked,
  DeliveryView,
  HeaderPair,
  ImportView,
  MessageView,
  Suppression,
  Timeline,
} from './answers.ts'
import { type Client, type ClientOptions, createClient } from './connection.ts'
import type {
  CheckedMail,
  DeliveryRequest,
  ExportFilter,
  ExportName,
  FileForm,
  ImportRequest,
  MintRequest,
  SuppressionSearch,
} from './requests.ts'

export type KaijoClientOptions = ClientOptions
export type KaijoClient = ReturnType<typeof kaijoClient>

/** A file as `fetch` takes it: text, bytes, a Blob (`fs.openAsBlob`) or a stream of bytes. */
type FileContent = string | Uint8Array<ArrayBuffer> | Blob | ReadableStream | AsyncIterable<Uint8Array>

const ADDRESSES_PER_CALL = 5_000
const ITEMS_PER_PAGE = 1_000
const POLL_MS = 500
const UNDER_WAY: readonly ImportView['state'][] = ['receiving', 'queued', 'running', 'undoing']

/**
 * The native API of a service, for other applications' processes. What Kaijo refuses, and that it cannot be asked, rejects with
 * an error that has a `code` and, where Kaijo answered, its `problem`. Throws for options that cannot work.
 */
export function kaijoClient(options: ClientOptions) {
  const client = createClient(options)
  return {
    /** Who would get a mail now: of any number of recipients, in their order. */
    check: async ({
      recipients,
      ...mail
    }: CheckedMail & { recipients: Iterable<string> }): Promise<Checked> => {
      const all: Checked = { deliverable: [], excluded: [], malformed: [] }
      for (const part of parts(recipients)) {
        const answer = await client.post<Checked>('/check', { ...mail, recipients: part })
        all.deliverable = all.deliverable.concat(answer.deliverable)
        all.excluded = all.excluded.concat(answer.excluded)
        all.malformed = all.malformed.concat(answer.malformed)
      }
      return all
    },
    /** The two header values for a mail that someone else sends. */
    headers: (mail: MintRequest) => client.post<HeaderPair>('/headers', mail),
    /** Sends a mail to at most 10,000 recipients. */
    send: (delivery: DeliveryRequest) =>
      client.post<Accepted>('/deliveries', { requestId: randomUUID(), ...delivery }),
    deliveries: deliveriesOf(client),
    suppressions: suppressionsOf(client),
    imports: importsOf(client),
    /** A list or a report as a stream of bytes, whatever its size. */
    export: async (
      name: ExportName,
      filter: ExportFilter = {},
      form: FileForm = {},
    ): Promise<ReadableStream<Uint8Array>> => {
      const { body } = await client.transfer(`/exports/${name}${query({ ...filter, ...form })}`, {})
      return body as NonNullable<typeof body>
    },
  }
}

function deliveriesOf(client: Client) {
  return {
    get: (id: number) => client.get<DeliveryView>(`/deliveries/${id}`),
    /** What became of each recipient. */
    messages: (id: number, { state }: { state?: MessageView['state'] } = {}) =>
      pages<MessageView>((page) => client.get(`/deliveries/${id}/messages${query({ state, ...page })}`)),
    pause: (id: number) => client.post<DeliveryView>(`/deliveries/${id}/pause`, {}),
    resume: (id: number) => client.post<DeliveryView>(`/deliveries/${id}/resume`, {}),
    cancel: (id: number) => client.post<DeliveryView>(`/deliveries/${id}/cancel`, {}),
  }
}

function suppressionsOf(client: Client) {
  const change = async (path: string, list: string, given: Iterable<string>): Promise<Changed> => {
    const all: Changed = { changed: 0, unchanged: 0, malformed: [] }
    for (const addresses of parts(given)) {
      const { changed, unchanged, malformed } = await client.post<Changed>(path, { list, addresses })
      all.changed += changed
      all.unchanged += unchanged
      all.malformed = all.malformed.concat(malformed)
    }
    return all
  }
  return {
    /** Puts addresses on a list. */
    add: (list: string, addresses: Iterable<string>) => change('/suppressions', list, addresses),
    /** Makes addresses on a list deliverable again. */
    resume: (list: string, addresses: Iterable<string>) => change('/suppressions/resume', list, addresses),
    /** Who is or was on a list. */
    search: (search: SuppressionSearch = {}) =>
      pages<Suppression>((page) => client.post(`/suppressions/search${query(page)}`, search)),
    /** Everything that happened to an address, and why it would be excluded now. */
    timeline: (address: string) => client.post<Timeline>('/timeline', { address }),
  }
}

function importsOf(client: Client) {
  const get = (id: number) => client.get<ImportView>(`/imports/${id}`)
  return {
    /** Puts the addresses of a file on a list, or takes them off it. Answers once the file is stored; see `untilEnded`. */
    start: async (file: FileContent, request: ImportRequest): Promise<{ id: number }> => {
      const headers = { 'content-type': 'application/octet-stream' }
      const upload = { method: 'POST', headers, body: file, duplex: 'half' } as RequestInit
      return (await client.transfer(`/imports${query({ ...request })}`, upload)).json() as Promise<{
        id: number
      }>
    },
    get,
    /** All of them, newest first. */
    list: () => pages<ImportView>((page) => client.get(`/imports${query(page)}`)),
    cancel: (id: number) => client.post<ImportView>(`/imports/${id}/cancel`, {}),
    undo: (id: number) => client.post<ImportView>(`/imports/${id}/undo`, {}),
    /** Waits until an import, or its undoing, has come to its end. */
    untilEnded: async (
      id: number,
      onProgress: (view: ImportView) => void = () => {},
    ): Promise<ImportView> => {
      for (;;) {
        const view = await get(id)
        if (!UNDER_WAY.includes(view.state)) return view
        onProgress(view)
        await sleep(POLL_MS)
      }
    },
  }
}

function* parts(addresses: Iterable<string>): Generator<string[]> {
  let part: string[] = []
  for (const address of addresses) {
    part.push(address)
    if (part.length < ADDRESSES_PER_CALL) continue
    yield part
    part = []
  }
  if (part.length > 0) yield part
}

/** Pages may be empty while there is a next one. */
async function* pages<T>(
  read: (page: { limit: number; cursor: string | undefined }) => Promise<{ items: T[]; next: string | null }>,
): AsyncGenerator<T> {
  let cursor: string | undefined
  for (;;) {
    const { items, next } = await read({ limit: ITEMS_PER_PAGE, cursor })
    yield* items
    if (next === null) return
    cursor = next
  }
}

function query(given: Record<string, string | number | boolean | undefined>): string {
  const entries = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  )
  return entries.length === 0 ? '' : `?${new URLSearchParams(entries)}`
}
