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
  /** The filter that is to come right before the other. */
  lower: string
  upper: string
  /** The move as the person asked for it: moving one filter up is the same as moving the other down. */
  name: string
  way: 'up' | 'down'
}

/** Moves a filter before another one, on condition that the order is still the one that the person sees. */
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
      // Somebody else may have made the same move, or deleted the filter that this one was to come before.
      const isDone = place(values, lower) < place(values, upper)
      const given = values.order[place(values, upper)]
      if (isDone || !given) return
      await api.PATCH('/api/v1/services/{service}/filters/{classId}', {
        params: { path: { service, classId: lower } },
        // The filter at that position makes way.
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
