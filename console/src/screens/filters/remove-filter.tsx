import { useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { HeldRemoval } from '../../editing/held-removal.tsx'
import { useHeldAction } from '../../editing/use-held-action.ts'
import { type FilterFields, useDescribeFilter } from './filter-fields.tsx'
import { readFilter, savedFilter } from './read-filter.ts'
import { useFilterTexts } from './texts.ts'

interface RemoveFilterProps {
  service: number
  filter: FilterFields & { classId: string; revision: string }
  onClose(): void
}

/** Says what stays before a filter is removed. To be mounted while it is open. */
export function RemoveFilter({ service, filter, onClose }: RemoveFilterProps) {
  const t = useFilterTexts()
  const queries = useQueryClient()
  const { name, classId } = filter
  const describe = useDescribeFilter()
  const removal = useHeldAction<FilterFields>({
    seen: savedFilter(filter),
    read: async () => savedFilter(await readFilter(service, classId)),
    act: ({ revision }) =>
      api.DELETE('/api/v1/services/{service}/filters/{classId}', {
        params: { path: { service, classId }, query: { revision } },
      }),
    onDone: async () => {
      await queries.invalidateQueries({ queryKey: ['filters', service] })
      onClose()
    },
  })
  return (
    <HeldRemoval
      {...{ removal, describe, onClose }}
      title={t('remove')}
      why={t('removeWhy', { name })}
      anyway={t('removeAnyway')}
    />
  )
}
