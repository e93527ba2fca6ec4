import { Button, Card, Group, Stack, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { dayIn, daysBefore } from '../../parts/day.ts'
import { useTimeZone } from '../../parts/moment.tsx'
import { useDownload } from '../../parts/use-download.ts'
import { useOneClickTexts } from './texts.ts'

const MOST_DAYS = 7
const DAY_MS = 86_400_000

/** Seed 000 exports at most seven calendar days, both ends included. */
export function ExportPeriod({ service, sender }: { service: number; sender: string }) {
  const t = useOneClickTexts()
  const timeZone = useTimeZone()
  const [from, setFrom] = useState(() => daysBefore(dayIn(timeZone), MOST_DAYS - 1))
  const [to, setTo] = useState(() => dayIn(timeZone))
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1
  const mistake = days > MOST_DAYS ? t('tooLong') : days < 1 ? t('reversed') : undefined
  const form = { format: 'csv', bom: 'true', formulas: 'neutral' }
  const query = new URLSearchParams({ sender, from, to, ...form })
  const valid = mistake === undefined && !Number.isNaN(days)
  const download = useDownload(`/api/v1/services/${service}/exports/one-click?${query}`)
  return (
    <Card withBorder component="section">
      <Title order={2} size="h4">
        {t('export')}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t('exportWhy')}
      </Text>
      <Stack gap="sm">
        <Group align="flex-start" role="group" aria-label={t('period')}>
          <TextInput
            type="date"
            label={t('from')}
            required
            value={from}
            error={from === '' && t('missing')}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
          <TextInput
            type="date"
            label={t('to')}
            required
            value={to}
            error={to === '' ? t('missing') : mistake}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
        </Group>
        <Text size="xs" c="dimmed">
          {t('period')} · {t('zone', { zone: timeZone })}
        </Text>
        {valid ? (
          <Button component="a" style={{ alignSelf: 'flex-start' }} {...download}>
            {t('run')}
          </Button>
        ) : (
          <Button style={{ alignSelf: 'flex-start' }} disabled>
            {t('run')}
          </Button>
        )}
      </Stack>
    </Card>
  )
}
