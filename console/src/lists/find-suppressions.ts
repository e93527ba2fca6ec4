import { api, bodyOf } from '../api/client.ts'
import type { ListSearch } from './list-search.ts'

const PAGE = 50
/** A search that finds nothing goes on by itself so often: the server looks at a part of a long list each time. */
const MOST_CALLS = 20

/** The next page of those on a list whom a search is for. Ends early when the part that was looked at is long enough. */
export async function findSuppressions(
  service: number,
  list: string,
  { contains, state = 'active', cursor }: ListSearch,
  signal: AbortSignal,
) {
  const body = { list, ...(contains && { contains }), ...(state !== 'all' && { state }) }
  let from = cursor
  for (let calls = 1; ; calls++) {
    const found = await bodyOf(
      api.POST('/api/v1/services/{service}/suppressions/search', {
        params: { path: { service }, query: { limit: PAGE, ...(from && { cursor: from }) } },
        body,
        signal,
      }),
    )
    if (found.items.length > 0 || found.next === null || calls >= MOST_CALLS) return found
    from = found.next
  }
}
