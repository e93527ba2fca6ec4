import { Button, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, bodyOf } from '../../api/client.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/failure.tsx'
import { useUnverifiedTexts } from './texts.ts'

interface DiscardKeyProps {
  missing: { keyId: string; count: number }
  onClose(): void
}

/** Says what will be lost before requests are discarded. To be mounted while it is open. */
export function DiscardKey({ missing: { keyId, count }, onClose }: DiscardKeyProps) {
  const t = useUnverifiedTexts()
  const queries = useQueryClient()
  const discarding = useMutation({
    mutationFn: () =>
      bodyOf(api.POST('/api/v1/installation/unverified-requests/discard', { body: { keyId } })),
    onSuccess: async ({ discarded }) => {
      notifications.show({ color: 'teal', message: t('discarded', { count: discarded }) })
      await queries.invalidateQueries({ queryKey: ['unverified'] })
      onClose()
    },
  })
  return (
    <Dialog opened onClose={onClose} title={t('discardTitle')}>
      <Stack>
        {discarding.error && <Failure error={discarding.error} />}
        <Text size="sm">{t('discardWhy', { keyId, count: count.toLocaleString() })}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button color="red" loading={discarding.isPending} onClick={() => discarding.mutate()}>
            {t('discard')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
