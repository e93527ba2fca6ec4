import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from './connection.ts'
import { asUpload, type FileContent } from './file-content.ts'
import { type Page, pages } from './pages.ts'
import { query } from './query.ts'

export interface ImportRequest {
  /** `auto` reads an export of another system and puts each row on the list of its reason. */
  list: string
  action: 'add' | 'remove'
  /** For `auto`: whose mail was unsubscribed from where a row does not say. */
  sender?: string
  /** The same by the name of a filter. */
  filter?: string
  dryRun?: boolean
  format?: 'csv' | 'text'
  encoding?: string
  /** Of the file; that of a CSV ends in .csv. */
  name?: string
}

export interface ImportView {
  id: number
  list: string
  /** What went to each list: several for `auto`. */
  lists: { list: string; recipients: number; changed: number; undone: number }[]
  action: 'add' | 'remove'
  dryRun: boolean
  state: 'receiving' | 'queued' | 'running' | 'done' | 'cancelled' | 'failed' | 'undoing' | 'undone'
  fileName: string | null
  sha256: string
  rows: Record<'read' | 'skipped' | 'repeated' | 'applied' | 'changed' | 'unchanged' | 'lapsed', number>
  rowsPerSecond: number | null
  secondsLeft: number | null
  /** For a dry run: the first 20 recipients who would change, and how they stand now. */
  sample: { address: string; list?: string; now: 'not-listed' | 'deliverable' | 'excluded' }[]
  undo: { undone: number; left: number | null } | null
  error: string | null
}

const POLL_MS = 500
const UNDER_WAY: readonly ImportView['state'][] = ['receiving', 'queued', 'running', 'undoing']

export function importsOf(client: Client) {
  const get = (id: number) => client.get<ImportView>(`/imports/${id}`)
  return {
    /** Puts the addresses of a file on a list, or takes them off it. Answers once the file is stored; see `untilEnded`. */
    start: async (file: FileContent, request: ImportRequest): Promise<{ id: number }> =>
      (await client.transfer(`/imports${query({ ...request })}`, asUpload(file))).json() as Promise<{
        id: number
      }>,
    get,
    /** All of them, newest first. */
    list: () => pages((page) => client.get<Page<ImportView>>(`/imports${page}`)),
    /** The rows that were skipped, as CSV with the reason. */
    rejects: async (
      id: number,
      form: { language?: 'en' | 'ja'; bom?: boolean; formulas?: 'kept' | 'neutral' } = {},
    ): Promise<ReadableStream<Uint8Array>> => {
      const { body } = await client.transfer(`/imports/${id}/rejects${query(form)}`, {})
      return body as NonNullable<typeof body>
    },
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
