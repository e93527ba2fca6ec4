import { callAsPerson } from '../api/client.ts'
import type { paths } from '../api/schema.d.ts'

export type ImportView =
  paths['/api/v1/services/{service}/imports/{id}']['get']['responses']['200']['content']['application/json']

export interface Upload {
  service: number
  list: string
  action: 'add' | 'remove'
  dryRun: boolean
  format: 'csv' | 'text'
  file: File
}

/** Uploads a file; resolves with the import's id once the server has read all of it. */
export async function upload({ service, list, action, dryRun, format, file }: Upload): Promise<number> {
  const query = new URLSearchParams({ list, action, dryRun: String(dryRun), format, name: file.name })
  const response = await callAsPerson(
    () =>
      new Request(`/api/v1/services/${service}/imports?${query}`, {
        method: 'POST',
        headers: { 'content-type': format === 'csv' ? 'text/csv' : 'text/plain' },
        body: file,
      }),
  )
  const { id } = (await response.json()) as { id: number }
  return id
}

const ENDED = new Set<ImportView['state']>(['done', 'cancelled', 'failed', 'undone'])

export const hasEnded = ({ state }: Pick<ImportView, 'state'>): boolean => ENDED.has(state)
