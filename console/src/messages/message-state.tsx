import { Badge } from '@mantine/core'
import type { paths } from '../api/schema.d.ts'
import { useMessageTexts } from './texts.ts'

export type FoundMessage =
  paths['/api/v1/services/{service}/messages/search']['post']['responses']['200']['content']['application/json']['items'][number]

export type MessageState = FoundMessage['state']

const COLORS: Record<MessageState, string> = {
  queued: 'blue',
  sending: 'blue',
  sent: 'teal',
  kept: 'yellow',
  failed: 'red',
  excluded: 'orange',
  cancelled: 'gray',
}

/** What became of a message, and of how many where they are counted. */
export function MessageStateBadge({ state, count }: { state: MessageState; count?: number }) {
  const t = useMessageTexts()
  return (
    <Badge variant="light" color={COLORS[state] ?? 'gray'} style={{ flexShrink: 0 }}>
      {t(state)}
      {count !== undefined && ` ${count.toLocaleString()}`}
    </Badge>
  )
}
