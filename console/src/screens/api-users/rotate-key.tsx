import { Button, Group, Radio, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, bodyOf } from '../../api/client.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/failure.tsx'
import type { ShownClient } from './client-dialog.tsx'
import type { ApiUser } from './grants.ts'
import { useApiUserTexts } from './texts.ts'

interface RotateKeyProps {
  user: ApiUser
  onClose(): void
  onKey(client: ShownClient): void
}

const HOURS = ['0', '1', '24', '168', '720'] as const
type Hours = (typeof HOURS)[number]

/** Gives a user a new key, and its clients time to switch to it. To be mounted while it is open. */
export function RotateKey({ user, onClose, onKey }: RotateKeyProps) {
  const t = useApiUserTexts()
  const queries = useQueryClient()
  const [hours, setHours] = useState<Hours>('24')
  const rotation = useMutation({
    mutationFn: () =>
      bodyOf(
        api.POST('/api/v1/api-users/{id}/rotate', {
          params: { path: { id: user.id } },
          body: { overlapHours: Number(hours) },
        }),
      ),
    onSuccess: async ({ apiUser, key }) => {
      onKey({ user: apiUser, apiKey: key })
      onClose()
      await queries.invalidateQueries({ queryKey: ['api-users'] })
    },
  })
  const go = (event: FormEvent) => {
    event.preventDefault()
    rotation.mutate()
  }
  return (
    <Dialog opened onClose={onClose} title={`${t('rotate')}: ${user.name}`}>
      <form onSubmit={go}>
        <Stack>
          {rotation.error && <Failure error={rotation.error} />}
          <Text size="sm">{t('rotateWhy')}</Text>
          <Radio.Group label={t('overlap')} value={hours} onChange={(value) => setHours(value as Hours)}>
            <Stack gap="xs" mt="xs">
              {HOURS.map((value) => (
                <Radio key={value} value={value} label={t(`overlap_${value}`)} />
              ))}
            </Stack>
          </Radio.Group>
          {user.previousKey && <Text size="sm">{t('thirdKey')}</Text>}
          <Text size="sm" c="dimmed">
            {t('provisionedKey')}
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={rotation.isPending}>
              {t('makeKey')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
