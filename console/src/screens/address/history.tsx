import '@mantine/core/styles/Timeline.css'
import { Badge, Group, Text, Timeline } from '@mantine/core'
import type { ReactNode } from 'react'
import { AgreementDetails } from '../../agreements/agreement-details.tsx'
import { useAgreementTexts } from '../../agreements/texts.ts'
import { useListNames } from '../../lists/list-names.ts'
import { useReasons } from '../../lists/reasons.ts'
import { Moment } from '../../parts/moment.tsx'
import { Card } from './card.tsx'
import { Evidence } from './evidence.tsx'
import { useAddressTexts } from './texts.ts'
import type { Timeline as View } from './use-timeline.ts'

const COLORS = { stop: 'red', resume: 'teal', remove: 'gray' } as const
const AGREED = 'indigo'

/** The address's history on every list, and what its reader agreed to, newest first, with the record of each event. */
export function History({ events, agreements }: Pick<View, 'events' | 'agreements'>) {
  const t = useAddressTexts()
  const happened = [
    ...events.map((event) => ({ at: event.recordedAt, item: <ListItem key={keyOf(event)} event={event} /> })),
    ...agreements.map((agreement) => ({
      at: agreement.confirmed?.at ?? agreement.agreedAt,
      item: <AgreementItem key={`${agreement.agreedAt} ${agreement.form.id}`} agreement={agreement} />,
    })),
  ].toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
  return (
    <Card title={t('timeline')}>
      {happened.length === 0 && <Text size="sm">{t('noEvents')}</Text>}
      <Timeline bulletSize={16} lineWidth={2} active={happened.length}>
        {happened.map(({ item }) => item)}
      </Timeline>
    </Card>
  )
}

type Event = View['events'][number]

const keyOf = ({ recordedAt, list, kind, requestedAt }: Event) =>
  `${recordedAt} ${list} ${kind} ${requestedAt}`

interface TitleProps {
  color: string
  badge: string
  children: ReactNode
}

function Title({ color, badge, children }: TitleProps) {
  return (
    <Group gap="xs">
      <Badge variant="light" color={color}>
        {badge}
      </Badge>
      {children}
    </Group>
  )
}

/** Mantine passes a timeline's own properties on to each of its items. */
function ListItem({ event, ...rest }: { event: Event }) {
  const t = useAddressTexts()
  const listName = useListNames()
  const reasons = useReasons()
  const color = COLORS[event.kind]
  const title = (
    <Title color={color} badge={t(`event_${event.kind}`)}>
      {listName(event.list)}
    </Title>
  )
  return (
    <Timeline.Item {...rest} {...{ color, title }}>
      <Text size="sm">
        <Moment at={event.requestedAt} />
        {/* Only a stop has a reason: of the others it would repeat what they are. */}
        {event.kind === 'stop' && ` · ${reasons(event.reason)}`} · {reasons(event.source)}
      </Text>
      {event.olderMail && (
        <Text size="sm" c="dimmed">
          {t('olderMail')}
        </Text>
      )}
      <Evidence event={event} />
    </Timeline.Item>
  )
}

function AgreementItem({ agreement, ...rest }: { agreement: View['agreements'][number] }) {
  const t = useAgreementTexts()
  const title = (
    <Title color={AGREED} badge={t('registered')}>
      {agreement.form.name ?? t('formGone')}
    </Title>
  )
  return (
    <Timeline.Item {...rest} color={AGREED} title={title}>
      <Text size="sm">
        <Moment at={agreement.confirmed?.at ?? agreement.agreedAt} />
      </Text>
      <details>
        <Text component="summary" size="xs" c="dimmed">
          {t('details')}
        </Text>
        <AgreementDetails agreement={agreement} />
      </details>
    </Timeline.Item>
  )
}
