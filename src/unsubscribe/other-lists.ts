import type { Database } from '../storage/database.ts'
import { decide } from '../suppression/deciding/decide.ts'
import type { Standing } from '../suppression/deciding/standing.ts'
import type { List } from '../tenants/list.ts'
import { findService } from '../tenants/service.ts'
import { readServiceLists } from '../tenants/service-lists.ts'
import type { Links } from '../tokens/link.ts'
import type { TokenContent } from '../tokens/payload.ts'

/** Another list of the service that the recipient can leave from the same page. */
export interface OtherList {
  list: List
  excluded: boolean
  /** Where its button posts: the recipient's own link on that list, as a path. */
  stop: string
}

/** None unless the service shows them: a forwarded mail would show them to others. */
export async function findOtherLists(
  { database, links }: { database: Database; links: Links },
  shown: List,
  { recipient, mintedAt }: TokenContent,
  standings: readonly Standing[],
  now: number,
): Promise<OtherList[]> {
  const { settings } = await findService(database, shown.serviceId)
  if (!settings.otherListsOnPage) return []
  const { lists, senders, filters } = await readServiceLists(database, shown.serviceId)
  const oneClick = [...senders.values()].filter((sender) => sender.oneClick)
  const ids = [...oneClick, ...filters].map(({ listId }) => listId).filter((id) => id !== shown.id)
  return ids.flatMap((id) => {
    const list = lists.get(id)
    if (!list) return []
    const { url } = links.make(list, { recipient, mintedAt, message: null })
    return [{ list, excluded: !decide(standings, [id], now).deliver, stop: new URL(url).pathname }]
  })
}
