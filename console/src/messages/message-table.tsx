import { Anchor, Badge, Code, Group, Table, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useListNames } from '../lists/list-names.ts'
import { useReasons } from '../lists/reasons.ts'
import { AddressLink } from '../parts/address-link.tsx'
import { Moment } from '../parts/moment.tsx'
import { WideTable } from '../parts/wide-table.tsx'
import { type FoundMessage, MessageStateBadge } from './message-state.tsx'
import { useMessageTexts } from './texts.ts'

interface MessageTableProps {
  service: number
  messages: readonly FoundMessage[]
  /** What the screen says already and the table need not repeat. */
  without?: readonly ('delivery' | 'recipient')[]
}

/** Messages with the outcome of each: why it was left out, or what the other side answered. */
export function MessageTable({ service, messages, without = [] }: MessageTableProps) {
  const t = useMessageTexts()
  const shows = (column: 'delivery' | 'recipient') => !without.includes(column)
  return (
    <WideTable minWidth={940} highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          {shows('recipient') && <Table.Th>{t('recipient')}</Table.Th>}
          <Table.Th>{t('state')}</Table.Th>
          <Table.Th>{t('why')}</Table.Th>
          <Table.Th>{t('reply')}</Table.Th>
          {shows('delivery') && <Table.Th>{t('delivery')}</Table.Th>}
          <Table.Th>{t('acceptedAt')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {messages.map((message) => (
          <Table.Tr key={message.id}>
            {shows('recipient') && (
              <Table.Td>
                <AddressLink service={service} address={message.to} />
              </Table.Td>
            )}
            <Table.Td>
              <Group gap={4}>
                <MessageStateBadge state={message.state} />
                {message.copyAs && <Badge variant="default">{t(`copy_${message.copyAs}`)}</Badge>}
              </Group>
              <Attempts message={message} />
            </Table.Td>
            <Table.Td>
              <Why message={message} />
            </Table.Td>
            <Table.Td>
              {message.reply ? (
                <Code style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>{message.reply}</Code>
              ) : (
                '–'
              )}
            </Table.Td>
            {shows('delivery') && (
              <Table.Td>
                <Anchor
                  component={Link}
                  to="/services/$service/deliveries/$id"
                  params={{ service: String(service), id: String(message.deliveryId) } as never}
                  inherit
                >
                  #{message.deliveryId}
                </Anchor>
                <Text size="xs" c="dimmed">
                  {message.from}
                </Text>
                <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                  Message-ID: {message.messageId}
                </Text>
              </Table.Td>
            )}
            <Table.Td>
              <Moment at={message.acceptedAt} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}

/** The list that decided, and since when the recipient had been on it. */
function Why({ message: { state, list, reason, since } }: { message: FoundMessage }) {
  const t = useMessageTexts()
  const listName = useListNames()
  const reasons = useReasons()
  if (!list) return '–'
  return (
    <>
      {t('since', { list: listName(list), reason: reason ? reasons(reason) : '–' })}
      <Text size="xs" c="dimmed">
        <Moment at={since} />
        {state !== 'excluded' && ` · ${t('overridden')}`}
      </Text>
    </>
  )
}

function Attempts({ message: { attempts, dueAt, state } }: { message: FoundMessage }) {
  const t = useMessageTexts()
  const waits = state === 'queued' && dueAt !== null
  if (attempts < 2 && !waits) return null
  return (
    <Text size="xs" c="dimmed">
      {attempts > 0 && `${t('attempts', { count: attempts })} `}
      {waits && (
        <>
          {t('dueAt')}: <Moment at={dueAt} />
        </>
      )}
    </Text>
  )
}
