import { Badge, Group, Paper, Table, Text, Title } from '@mantine/core'
import type { Figures } from './figures.ts'
import { useOverviewTexts } from './texts.ts'

/**
 * Gmail's requirements for bulk senders (its Email sender guidelines): stay below the first, and never reach the
 * second.
 */
const ASKED = 0.001
const NEVER = 0.003
/** One complaint about a handful of mails says nothing about a day or a sender. */
const LEAST_SENT = 100

/** The complaint rate against Gmail's limits: over all days, on the worst of them, and by sender. */
export function ComplaintRate({ figures: { days, listed, senders } }: { figures: Figures }) {
  const t = useOverviewTexts()
  const sent = sum(days.map((day) => day.sent))
  const complained = new Map(listed.map((day) => [day.day, day.complained]))
  const worst = days
    .filter((day) => day.sent >= LEAST_SENT)
    .map((day) => ({
      name: t('worstDay', { day: day.day }),
      rate: (complained.get(day.day) ?? 0) / day.sent,
    }))
    .sort((a, b) => b.rate - a.rate)
    .slice(0, 1)
  const ofSenders = senders
    .filter((sender) => sender.sent >= LEAST_SENT)
    .map((sender) => ({ name: sender.sender, rate: sender.complained / sender.sent }))
  return (
    <Paper withBorder p="md" component="section" aria-label={t('rate')}>
      <Title order={2} size="h4" mb="xs">
        {t('rate')}
      </Title>
      {sent === 0 ? (
        <Text size="sm">{t('rateNone')}</Text>
      ) : (
        <Group>
          <Rate large rate={sum([...complained.values()]) / sent} />
        </Group>
      )}
      {worst.length + ofSenders.length > 0 && (
        <Table mt="xs">
          <Table.Tbody>
            {[...worst, ...ofSenders].map(({ name, rate }) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" style={{ overflowWrap: 'anywhere' }}>
                  {name}
                </Table.Th>
                <Table.Td>
                  <Group gap="xs">
                    <Rate rate={rate} />
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Text size="sm" c="dimmed" mt="xs">
        {t('rateWhy')}
      </Text>
    </Paper>
  )
}

function Rate({ rate, large = false }: { rate: number; large?: boolean }) {
  const t = useOverviewTexts()
  const verdict = rate >= NEVER ? 'rateTooHigh' : rate >= ASKED ? 'rateHigh' : 'rateGood'
  const color = { rateGood: 'teal', rateHigh: 'yellow', rateTooHigh: 'red' }[verdict]
  return (
    <>
      <Text size={large ? 'xl' : 'sm'} fw={600}>
        {(100 * rate).toFixed(2)} %
      </Text>
      <Badge variant="light" color={color} h="auto" styles={{ label: { whiteSpace: 'normal' } }}>
        {t(large ? verdict : `${verdict}Short`)}
      </Badge>
    </>
  )
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0)
}
