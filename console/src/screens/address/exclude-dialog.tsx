import { Alert, Button, Group, Select, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, bodyOf } from '../../api/client.ts'
import { MOST_SHOWN, useSenders } from '../../lists/use-senders.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/failure.tsx'
import { useAddressTexts } from './texts.ts'

interface ExcludeDialogProps {
  service: number
  address: string
  /** For every sender, or for one; undefined while the dialog is closed. */
  how: 'block' | 'stop' | undefined
  onClose(): void
  onDone(): void
}

/** Explains what excluding an address means before doing it. */
export function ExcludeDialog({ service, address, how, onClose, onDone }: ExcludeDialogProps) {
  const t = useAddressTexts()
  const senders = useSenders(service) ?? []
  const [chosen, setChosen] = useState<string | null>(null)
  const sender = chosen ?? senders[0]?.address
  const exclusion = useMutation({
    mutationFn: (list: string) =>
      bodyOf(
        api.POST('/api/v1/services/{service}/suppressions', {
          params: { path: { service } },
          body: { list, addresses: [address] },
        }),
      ),
    onSuccess: ({ changed }) => {
      notifications.show({ color: 'teal', message: t(changed > 0 ? 'done' : 'unchanged') })
      onDone()
      close()
    },
  })
  const close = () => {
    exclusion.reset()
    onClose()
  }
  const list = how === 'stop' ? sender && `sender:${sender}` : 'blocklist'
  return (
    <Dialog opened={how !== undefined} onClose={close} title={t(how ?? 'block')}>
      <Stack>
        {exclusion.error && <Failure error={exclusion.error} />}
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
          {address}
        </Text>
        {how === 'stop' && (
          <Select
            label={t('sender')}
            searchable
            limit={MOST_SHOWN}
            allowDeselect={false}
            data={senders.map((item) => item.address)}
            value={sender ?? null}
            onChange={setChosen}
          />
        )}
        <Alert color="yellow">{t(how === 'stop' ? 'stopWhy' : 'blockWhy')}</Alert>
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('cancel')}
          </Button>
          <Button
            color="red"
            disabled={!list}
            loading={exclusion.isPending}
            onClick={() => list && exclusion.mutate(list)}
          >
            {t(how === 'stop' ? 'doStop' : 'doBlock')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
