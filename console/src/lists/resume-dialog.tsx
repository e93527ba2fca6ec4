import { Button, Group, List, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, bodyOf } from '../api/client.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Failure } from '../parts/failure.tsx'
import { useListTexts } from './texts.ts'

interface ResumeDialogProps {
  service: number
  list: string
  /** Closed while there are none. */
  addresses: string[] | undefined
  onClose(): void
  onDone(): void
}

const SHOWN = 5

/** Explains what resuming means before doing it. */
export function ResumeDialog({ service, list, addresses, onClose, onDone }: ResumeDialogProps) {
  const t = useListTexts()
  const queries = useQueryClient()
  const resumption = useMutation({
    mutationFn: (given: string[]) =>
      bodyOf(
        api.POST('/api/v1/services/{service}/suppressions/resume', {
          params: { path: { service } },
          body: { list, addresses: given },
        }),
      ),
    onSuccess: async ({ changed }) => {
      notifications.show({ color: 'teal', message: t('resumed', { count: changed }) })
      await queries.invalidateQueries({ queryKey: ['suppressions', service] })
      onDone()
      onClose()
    },
  })
  const given = addresses ?? []
  const close = () => {
    resumption.reset()
    onClose()
  }
  return (
    <Dialog opened={addresses !== undefined} onClose={close} title={t('resume')}>
      <Stack>
        {resumption.error && <Failure error={resumption.error} />}
        <Text size="sm">{t('resumeConfirm', { count: given.length })}</Text>
        <List size="sm">
          {given.slice(0, SHOWN).map((address) => (
            <List.Item key={address}>{address}</List.Item>
          ))}
          {given.length > SHOWN && <List.Item>…</List.Item>}
        </List>
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('cancel')}
          </Button>
          <Button loading={resumption.isPending} onClick={() => resumption.mutate(given)}>
            {t('resume')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
