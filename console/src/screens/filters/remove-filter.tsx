import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/failure.tsx'
import { useFilterTexts } from './texts.ts'

interface RemoveFilterProps {
  service: number
  filter: { name: string; classId: string }
  onClose(): void
}

/** Says what stays before a filter goes. To be mounted while it is open. */
export function RemoveFilter({ service, filter, onClose }: RemoveFilterProps) {
  const t = useFilterTexts()
  const queries = useQueryClient()
  const { name, classId } = filter
  const removal = useMutation({
    mutationFn: () =>
      api.DELETE('/api/v1/services/{service}/filters/{classId}', { params: { path: { service, classId } } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['filters', service] })
      onClose()
    },
  })
  return (
    <Dialog opened onClose={onClose} title={t('remove')}>
      <Stack>
        {removal.error && <Failure error={removal.error} />}
        <Text size="sm">{t('removeWhy', { name })}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button color="red" loading={removal.isPending} onClick={() => removal.mutate()}>
            {t('remove')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
