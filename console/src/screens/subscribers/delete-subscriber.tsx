import { Button, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { Failure } from '../../parts/failure.tsx'
import { useSubscriberTexts } from './texts.ts'

interface DeleteSubscriberProps {
  service: number
  address: string
  onClose(): void
}

/** Says what will be lost, and what stays. */
export function DeleteSubscriber({ service, address, onClose }: DeleteSubscriberProps) {
  const t = useSubscriberTexts()
  const queries = useQueryClient()
  const deletion = useMutation({
    mutationFn: () =>
      api.POST('/api/v1/services/{service}/subscribers/delete', {
        params: { path: { service } },
        body: { address },
      }),
    onSuccess: async () => {
      notifications.show({ color: 'teal', message: t('deleted', { address }) })
      await queries.invalidateQueries({ queryKey: ['subscribers', service] })
      onClose()
    },
  })
  return (
    <Stack>
      {deletion.error && <Failure error={deletion.error} />}
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {t('deleteWhy', { address })}
      </Text>
      <Text size="sm">{t('deleteKeeps')}</Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button color="red" loading={deletion.isPending} onClick={() => deletion.mutate()}>
          {t('delete')}
        </Button>
      </Group>
    </Stack>
  )
}
