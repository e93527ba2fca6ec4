import type { ListKind } from '../../storage/tables.ts'
import type { Filter } from '../../tenants/filter.ts'
import { filterMatches } from '../../tenants/filter-match.ts'
import type { List } from '../../tenants/list.ts'
import type { Service } from '../../tenants/service.ts'
import type { ServiceLists } from '../../tenants/service-lists.ts'
import type { Content } from '../content/content.ts'

/** The lists that apply to one recipient's mail. */
export interface ApplicableLists {
  /** In the order in which they are given as the reason: the From's list, the filters' lists, the service's own. */
  ids: number[]
  /** The list that the link in the mail unsubscribes from: the first matching filter's, else the sender's. */
  link: List | undefined
  /** The list behind the header pair: like `link`, but a sender's list only when one-click is on for it. */
  stamped: List | undefined
}

/** Finds the lists for each recipient; what does not depend on the recipient is decided once. */
export type ListFinder = (substitutions: Record<string, string>) => ApplicableLists

export function listFinder(
  service: Omit<ServiceLists, 'service'> & {
    service: { settings: Pick<Service['settings'], 'automaticExclusion'> }
  },
  fromKey: string,
  content: Pick<Content, 'headerValues' | 'isPersonal'>,
): ListFinder {
  const { automaticExclusion } = service.service.settings
  const sender = service.senders.get(fromKey)
  const matches = (filter: Filter, substitutions: Record<string, string>) =>
    filterMatches(filter, content.headerValues(filter.header, substitutions))

  const find: ListFinder = (substitutions) => {
    const filters = service.filters.filter((filter) => matches(filter, substitutions))
    const [first] = filters
    const senderList = sender && service.lists.get(sender.listId)
    const filterList = first && service.lists.get(first.listId)
    return {
      ids: [
        ...(sender && automaticExclusion ? [sender.listId] : []),
        ...filters.map(({ listId }) => listId),
        ...service.everyMail,
      ],
      link: filterList ?? senderList,
      stamped: filterList ?? (sender?.oneClick ? senderList : undefined),
    }
  }
  if (service.filters.some(({ header }) => content.isPersonal(header))) return find
  const same = find({})
  return () => same
}

/** Whether a list holds opt-outs, which do not apply to transactional mail. The service's own lists always apply. */
export function isOptOut(kind: ListKind): boolean {
  return kind === 'sender' || kind === 'filter'
}
