import { Badge, Group } from '@mantine/core'
import type { paths } from '../../api/schema.d.ts'
import { MESSAGE_STATES, MessageStateBadge } from '../../messages/message-state.tsx'
import { useDeliveryTexts } from './texts.ts'

export type Delivery =
  paths['/api/v1/services/{service}/deliveries/{id}']['get']['responses']['200']['content']['application/json']

const COLORS = { active: 'teal', paused: 'yellow', cancelled: 'gray' } as const

export function DeliveryStateBadge({ state }: Pick<Delivery, 'state'>) {
  const t = useDeliveryTexts()
  return (
    <Badge variant="light" color={COLORS[state]} miw="max-content">
      {t(state)}
    </Badge>
  )
}

/** The number of messages in each state that occurs. */
export function MessageCounts({ messages }: Pick<Delivery, 'messages'>) {
  const counted = MESSAGE_STATES.filter((state) => (messages[state] ?? 0) > 0)
  return (
    <Group gap={4}>
      {counted.map((state) => (
        <MessageStateBadge key={state} state={state} count={messages[state] ?? 0} />
      ))}
    </Group>
  )
}

/** Whether part of it has not gone out yet, so that it can be held or cancelled. */
export const isUnderWay = ({ messages }: Pick<Delivery, 'messages'>): boolean =>
  (messages['queued'] ?? 0) + (messages['sending'] ?? 0) > 0
