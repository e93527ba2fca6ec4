import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { HeldRemoval } from '../../editing/held-removal.tsx'
import type { Saved } from '../../editing/use-editing.ts'
import { useHeldAction } from '../../editing/use-held-action.ts'
import { type RelayDraft, readRelay, savedRelay } from './relay-draft.ts'
import { useRelayTexts } from './relay-texts.ts'

interface RemoveRelayProps {
  service: number
  seen: Saved<RelayDraft>
  onClose(): void
}

/** Says where the mail will go afterwards. To be mounted while it is open. */
export function RemoveRelay({ service, seen, onClose }: RemoveRelayProps) {
  const t = useRelayTexts()
  const queries = useQueryClient()
  const removal = useHeldAction<RelayDraft>({
    seen,
    read: async () => savedRelay(await readRelay(service)),
    act: ({ revision }) =>
      api.PUT('/api/v1/services/{service}/relay', {
        params: { path: { service } },
        body: { url: null, revision },
      }),
    onDone: async () => {
      notifications.show({ color: 'teal', message: t('gone') })
      await queries.invalidateQueries({ queryKey: ['relay', service] })
      onClose()
    },
  })
  return (
    <HeldRemoval
      {...{ removal, onClose }}
      title={t('remove')}
      why={t('removeWhy')}
      anyway={t('remove')}
      describe={(key, value) => ({
        name: t(key),
        value: key === 'security' ? t(value as RelayDraft['security']) : String(value),
      })}
    />
  )
}
