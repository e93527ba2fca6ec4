import { Alert, Badge, Group, Paper, Stack, Text } from '@mantine/core'
import type { paths } from '../../api/schema.d.ts'
import { Copyable } from '../../parts/copyable.tsx'
import { Moment } from '../../parts/moment.tsx'
import { useDnsTexts } from './dns-texts.ts'

const PLACE = '/api/v1/services/{service}/senders/{classId}/dns'
type Answer = paths[typeof PLACE]['get']['responses']['200']['content']['application/json']
type Checked = paths[`${typeof PLACE}/check`]['post']['responses']['200']['content']['application/json']
type Key = Answer['keys'][number]
type Found = Checked['keys'][number]

const STATE_COLORS: Record<Key['state'], string> = {
  signing: 'teal',
  waiting: 'yellow',
  scheduled: 'blue',
  retired: 'gray',
}

/** One DKIM key: its life cycle, its record to be copied, and what was found in DNS. */
export function DnsKey({ dkim, found }: { dkim: Key; found: Found | undefined }) {
  const t = useDnsTexts()
  const { selector, algorithm, bits, dnsName, record, strings, state, signs, ofService } = dkim
  return (
    <Paper withBorder p="md" component="section" aria-label={dnsName}>
      <Stack gap="xs">
        <Group gap="xs">
          <Text fw={600}>{selector}</Text>
          <Badge variant="light" color={STATE_COLORS[state]}>
            {t(state)}
          </Badge>
          <Badge variant="default">{algorithm === 'rsa-sha256' ? `RSA ${bits}` : 'Ed25519'}</Badge>
          {ofService && <Badge variant="default">{t('ofService')}</Badge>}
        </Group>
        <Life dkim={dkim} />
        {state === 'signing' && !signs && <Text size="sm">{t('another')}</Text>}
        <div>
          <Text size="xs" c="dimmed">
            {t('recordName')}
          </Text>
          <Copyable value={dnsName} name={`${t('recordName')} ${selector}`} />
        </div>
        <div>
          <Text size="xs" c="dimmed">
            {t('recordValue')}
          </Text>
          <Copyable value={record} name={`${t('recordValue')} ${selector}`} />
        </div>
        {strings.length > 1 && (
          <Text size="xs" c="dimmed">
            {t('split', { count: strings.length })}
          </Text>
        )}
        {found && <Verdict found={found} />}
      </Stack>
    </Paper>
  )
}

function Life({ dkim: { state, signsFrom, signsUntil, removableFrom } }: { dkim: Key }) {
  const t = useDnsTexts()
  const [text, at] = {
    waiting: [t('waitingWhy'), null] as const,
    scheduled: [t('scheduledWhy'), signsFrom] as const,
    signing: [signsUntil ? t('endsWhy') : '', signsUntil] as const,
    retired: [t('retiredWhy'), removableFrom] as const,
  }[state]
  if (!text) return null
  return (
    <Text size="sm">
      {text} {at && <Moment at={at} />}
    </Text>
  )
}

function Verdict({ found: { dns, detail, ok } }: { found: Found }) {
  const t = useDnsTexts()
  const color = ok ? 'teal' : dns === 'unseen' ? 'yellow' : 'red'
  return (
    <Alert color={color} role="status" title={t(`dns_${dns}`)}>
      {t(`dnsWhy_${dns}`)}
      {(dns === 'differs' || dns === 'unseen') && (
        <Text size="xs" mt={4}>
          {detail}
        </Text>
      )}
    </Alert>
  )
}
