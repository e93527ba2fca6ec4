import { Badge, Group, Paper, Text, Title } from '@mantine/core'
import { useOverviewTexts } from './texts.ts'

/** What Gmail asks of bulk senders (its Email sender guidelines): below the first, and never at the second. */
const ASKED = 0.001
const NEVER = 0.003

export function ComplaintRate({ sent, complaints }: { sent: number; complaints: number }) {
  const t = useOverviewTexts()
  const rate = complaints / sent
  const verdict = rate >= NEVER ? 'rateTooHigh' : rate >= ASKED ? 'rateHigh' : 'rateGood'
  const color = { rateGood: 'teal', rateHigh: 'yellow', rateTooHigh: 'red' }[verdict]
  return (
    <Paper withBorder p="md" component="section" aria-label={t('rate')}>
      <Title order={2} size="h4" mb="xs">
        {t('rate')}
      </Title>
      {sent === 0 ? (
        <Text size="sm">{t('rateNone')}</Text>
      ) : (
        <Group>
          <Text size="xl" fw={600}>
            {(100 * rate).toFixed(2)} %
          </Text>
          <Badge variant="light" color={color} tt="none">
            {t(verdict)}
          </Badge>
        </Group>
      )}
      <Text size="sm" c="dimmed" mt="xs">
        {t('rateWhy')}
      </Text>
    </Paper>
  )
}
