import { Badge } from '@mantine/core'
import type { paths } from '../api/schema.d.ts'
import { useMessageTexts } from './texts.ts'

export type FoundMessage =
  paths['/api/v1/services/{service}/messages/search']['post']['responses']['200']['content']['application/json']['items'][number]

export type MessageState = FoundMessage['state']

export const MESSAGE_STATES: readonly MessageState[] = [
  'queued',
  'sending',
  'sent',
  'kept',
  'failed',
  'excluded',
  'cancelled',
]

const COLORS: Record<MessageState, string> = {
  queued: 'blue',
  sending: 'blue',
  sent: 'teal',
  kept: 'yellow',
  failed: 'red',
  excluded: 'orange',
  cancelled: 'gray',
}

/** The state of a message, with a number where messages are counted. */
export function MessageStateBadge({ state, count }: { state: MessageState; count?: number }) {
  const t = useMessageTexts()
  return (
    <Badge variant="light" color={COLORS[state] ?? 'gray'} miw="max-content">
      {t(state)}
      {count !== undefined && ` ${count.toLocaleString()}`}
    </Badge>
  )
}
