import { api, bodyOf } from '../../api/client.ts'
import { Refusal } from '../../api/refusal.ts'
import type { Saved } from '../../editing/use-editing.ts'
import type { FilterFields } from './filter-fields.tsx'

/** The filters of a service in the order in which they are tried: the first thousand. */
export function readFilters(service: number) {
  return bodyOf(
    api.GET('/api/v1/services/{service}/filters', {
      params: { path: { service }, query: { limit: 1_000 } },
    }),
  )
}

/** A filter as it is now. Rejects with the server's own refusal if it is gone. */
export async function readFilter(service: number, classId: string) {
  const { items } = await readFilters(service)
  const found = items.find((filter) => filter.classId === classId)
  if (!found) throw new Refusal(404, { code: 'unknown-filter' })
  return found
}

export function savedFilter({
  name,
  header,
  pattern,
  match,
  revision,
}: FilterFields & { revision: string }): Saved<FilterFields> {
  return { values: { name, header, pattern, match }, revision }
}
