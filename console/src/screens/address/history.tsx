import { Badge, Group, Text, Timeline } from '@mantine/core'
import { useListNames } from '../../lists/list-names.ts'
import { useReasons } from '../../lists/reasons.ts'
import { Moment } from '../../parts/moment.tsx'
import { Card } from './card.tsx'
import { Evidence } from './evidence.tsx'
import { useAddressTexts } from './texts.ts'
import type { Timeline as View } from './use-timeline.ts'

const COLORS = { stop: 'red', resume: 'teal', remove: 'gray' } as const

/** What happened to the address on every list, newest first, with what is on record about each. */
export function History({ events }: { events: View['events'] }) {
  const t = useAddressTexts()
  const listName = useListNames()
  const reasons = useReasons()
  return (
    <Card title={t('timeline')}>
      {events.length === 0 && <Text size="sm">{t('noEvents')}</Text>}
      <Timeline bulletSize={16} lineWidth={2} active={events.length}>
        {events.map((event) => (
          <Timeline.Item
            key={`${event.recordedAt} ${event.list} ${event.kind} ${event.requestedAt}`}
            color={COLORS[event.kind]}
            title={
              <Group gap="xs">
                <Badge variant="light" color={COLORS[event.kind]}>
                  {t(`event_${event.kind}`)}
                </Badge>
                {listName(event.list)}
              </Group>
            }
          >
            <Text size="sm">
              <Moment at={event.requestedAt} /> · {reasons(event.reason)} · {reasons(event.source)}
            </Text>
            {event.olderMail && (
              <Text size="sm" c="dimmed">
                {t('olderMail')}
              </Text>
            )}
            <Evidence event={event} />
          </Timeline.Item>
        ))}
      </Timeline>
    </Card>
  )
}
