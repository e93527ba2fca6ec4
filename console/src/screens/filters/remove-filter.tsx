import { Button, Group, Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { ChangedBefore } from '../../editing/changed-meanwhile.tsx'
import { useHeldAction } from '../../editing/use-held-action.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/failure.tsx'
import { type FilterFields, useDescribeFilter } from './filter-fields.tsx'
import { readFilter, savedFilter } from './read-filter.ts'
import { useFilterTexts } from './texts.ts'

interface RemoveFilterProps {
  service: number
  filter: FilterFields & { classId: string; revision: string }
  onClose(): void
}

/** Says what stays before a filter goes. To be mounted while it is open. */
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
  const { conflict } = removal
  return (
    <Dialog opened onClose={onClose} title={t('remove')}>
      <Stack>
        {removal.error && <Failure error={removal.error} />}
        {conflict && <ChangedBefore {...{ conflict, describe }} proceed={t('removeAnyway')} />}
        <Text size="sm">{t('removeWhy', { name })}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          {!conflict && (
            <Button color="red" loading={removal.isPending} onClick={() => removal.run()}>
              {t('remove')}
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  )
}
