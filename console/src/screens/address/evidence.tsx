import { Code, Table, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useReasons } from '../../lists/reasons.ts'
import { useActorNames } from '../../parts/actor-names.ts'
import { Moment } from '../../parts/moment.tsx'
import { useAddressTexts } from './texts.ts'
import type { Timeline } from './use-timeline.ts'

type Event = Timeline['events'][number]

const KNOWN = [
  ...(['method', 'clientAddress', 'userAgent', 'keyId', 'contentType', 'body'] as const),
  ...(['code', 'diagnostic', 'rule'] as const),
] as const

/** The record of an event: who asked, from where and how, and what held before. */
export function Evidence({ event }: { event: Event }) {
  const t = useAddressTexts()
  const reasons = useReasons()
  const nameOf = useActorNames()
  const { recordedAt, messageId, before } = event
  const evidence = event.evidence ?? {}
  const state = before === null ? 'none' : before.excluded ? 'excluded' : 'deliverable'
  return (
    <details>
      <Text component="summary" size="xs" c="dimmed">
        {t('evidence')}
      </Text>
      <Table.ScrollContainer minWidth={320}>
        <Table withRowBorders={false} verticalSpacing={2} fz="xs" variant="vertical">
          <Table.Tbody>
            <Row name={t('recordedAt')}>
              <Moment at={recordedAt} />
            </Row>
            <Row name={t('before')}>
              {t(`before_${state}`)}
              {before && (
                <>
                  {' '}
                  · {reasons(before.reason)} · <Moment at={before.since} />
                </>
              )}
            </Row>
            {typeof evidence.actor === 'string' && <Row name={t('actor')}>{nameOf(evidence.actor)}</Row>}
            {messageId && <Row name={t('messageId')}>{messageId}</Row>}
            {KNOWN.filter((name) => evidence[name]).map((name) => (
              <Row key={name} name={t(name)}>
                <Code style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
                  {String(evidence[name])}
                </Code>
              </Row>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </details>
  )
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th w={120} style={{ whiteSpace: 'nowrap' }}>
        {name}
      </Table.Th>
      <Table.Td>{children}</Table.Td>
    </Table.Tr>
  )
}
