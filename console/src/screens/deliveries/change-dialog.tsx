import { Alert, Button, Group, Select, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useListNames } from '../../lists/list-names.ts'
import { MOST_SHOWN, useSenders } from '../../lists/use-senders.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/failure.tsx'
import { carryOut, type DeliveryChange, type Outcome } from './carry-out.ts'
import type { Delivery } from './delivery-state.tsx'
import { useDeliveryTexts } from './texts.ts'

export type { DeliveryChange } from './carry-out.ts'

interface ChangeDialogProps {
  service: number
  delivery: Delivery
  /** Undefined while the dialog is closed. */
  change: DeliveryChange | undefined
  onClose(): void
}

const VERBS = { pause: 'doPause', resume: 'doResume', cancel: 'doCancel', resend: 'doResend' } as const

/** Explains what a change means before making it. */
export function ChangeDialog({ service, delivery, change, onClose }: ChangeDialogProps) {
  const t = useDeliveryTexts()
  const queries = useQueryClient()
  const [list, setList] = useState<string | null>(null)
  const carrying = useMutation({
    mutationFn: (wanted: DeliveryChange) => carryOut(service, delivery.id, wanted, list ?? undefined),
    onSuccess: async (outcome) => {
      notifications.show({ color: 'teal', message: describe(outcome, t) })
      for (const key of ['deliveries', 'messages', 'delivery']) {
        await queries.invalidateQueries({ queryKey: [key, service] })
      }
      close()
    },
  })
  const close = () => {
    carrying.reset()
    onClose()
  }
  const shown = change ?? 'pause'
  return (
    <Dialog opened={change !== undefined} onClose={close} title={t(shown)}>
      <Stack>
        {carrying.error && <Failure error={carrying.error} />}
        <Alert color={shown === 'pause' ? 'blue' : 'yellow'}>{t(`${shown}Why`)}</Alert>
        {shown === 'resend' && <ListChoice service={service} list={list} onChange={setList} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('dismiss')}
          </Button>
          <Button
            loading={carrying.isPending}
            {...(shown === 'cancel' && { color: 'red' })}
            onClick={() => change && carrying.mutate(change)}
          >
            {t(VERBS[shown])}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}

interface ListChoiceProps {
  service: number
  list: string | null
  onChange(list: string | null): void
}

/** Chooses whom the lists are asked about again: everyone, or those whom one list excluded. */
function ListChoice({ service, list, onChange }: ListChoiceProps) {
  const t = useDeliveryTexts()
  const listName = useListNames()
  const senders = useSenders(service) ?? []
  const lists = [
    'hard-bounces',
    'complaints',
    'blocklist',
    ...senders.map(({ address }) => `sender:${address}`),
  ]
  return (
    <Select
      label={t('resendList')}
      searchable
      limit={MOST_SHOWN}
      allowDeselect={false}
      value={list ?? ''}
      onChange={(chosen) => onChange(chosen || null)}
      data={[
        { value: '', label: t('resendAll') },
        ...lists.map((value) => ({ value, label: listName(value) })),
      ]}
    />
  )
}

function describe(outcome: Outcome, t: ReturnType<typeof useDeliveryTexts>): string {
  if (!outcome) return t('changed')
  const { queued, excluded, expired } = outcome
  const left = Object.values(excluded).reduce((sum, count) => sum + count, 0)
  const told = t('resent', { queued, excluded: left })
  return expired > 0 ? `${told} ${t('resentExpired', { expired })}` : told
}
