import { api, bodyOf } from '../api/client.ts'
import type { ListSearch } from './list-search.ts'

const PAGE = 50
/** How often a search that finds nothing goes on by itself: each call looks at one part of a long list. */
const MOST_CALLS = 20

/** Looks like a whole address, as nearly every one does. */
const WHOLE_ADDRESS = /^[\w.+-]{1,64}@(?:[a-z\d-]{1,63}\.)+[a-z]{2,63}$/i

/**
 * The next page of a list's entries that match a search. Ends early when the part that was looked at is long enough. A
 * whole address is also looked up exactly: it is then found at once, wherever it lies, and comes first.
 */
export async function findSuppressions(
  service: number,
  list: string,
  { contains, state = 'active', cursor }: ListSearch,
  { signal, onLookedBack }: { signal: AbortSignal; onLookedBack(to: string): void },
) {
  const wanted = { list, ...(state !== 'all' && { state }) }
  const search = (body: typeof wanted & { contains?: string; address?: string }, from?: string) =>
    bodyOf(
      api.POST('/api/v1/services/{service}/suppressions/search', {
        params: { path: { service }, query: { limit: PAGE, ...(from && { cursor: from }) } },
        body,
        signal,
      }),
    )
  const isWhole = contains !== undefined && cursor === undefined && WHOLE_ADDRESS.test(contains)
  const { items: exact } = isWhole ? await search({ ...wanted, address: contains }) : { items: [] }
  let from = cursor
  for (let calls = 1; ; calls++) {
    const found = await search({ ...wanted, ...(contains && { contains }) }, from)
    const others = found.items.filter(({ address }) => !exact.some((one) => one.address === address))
    const items = [...exact, ...others]
    if (items.length > 0 || found.next === null || calls >= MOST_CALLS) return { ...found, items }
    if (found.lookedBackTo !== null) onLookedBack(found.lookedBackTo)
    from = found.next
  }
}
