import { useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { useHeldAction } from '../../editing/use-held-action.ts'
import { readFilters } from './read-filter.ts'

type Filters = Awaited<ReturnType<typeof readFilters>>

/** The filters in the order in which they are tried. */
export interface Order {
  order: readonly { classId: string; name: string; position: number }[]
}

export interface Move {
  /** Which comes right before the other. */
  lower: string
  upper: string
  /** What the person asked for: the same move is the one of either. */
  name: string
  way: 'up' | 'down'
}

/** Puts a filter before another one, held to the order that the person sees. */
export function useMoving(service: number, filters: Filters | undefined) {
  const queries = useQueryClient()
  return useHeldAction<Order, Move>({
    seen: filters ? orderOf(filters) : { values: { order: [] }, revision: '' },
    read: async () => {
      await queries.invalidateQueries({ queryKey: ['filters', service] })
      return orderOf(await readFilters(service))
    },
    act: async ({ values, revision }, { lower, upper }) => {
      const place = ({ order }: Order, classId: string) => order.findIndex((one) => one.classId === classId)
      // Somebody else may have done the same, or deleted the one that it was to be put before.
      const isDone = place(values, lower) < place(values, upper)
      const given = values.order[place(values, upper)]
      if (isDone || !given) return
      await api.PATCH('/api/v1/services/{service}/filters/{classId}', {
        params: { path: { service, classId: lower } },
        // Whoever stands there gives way.
        body: { position: given.position, order: revision },
      })
    },
    onDone: () => queries.invalidateQueries({ queryKey: ['filters', service] }),
  })
}

function orderOf({ items, order }: Filters) {
  return {
    values: { order: items.map(({ classId, name, position }) => ({ classId, name, position })) },
    revision: order,
  }
}
