import { Anchor, List, Paper, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api, bodyOf } from '../../api/client.ts'
import { useCan } from '../../session/me.ts'
import type { Figures } from './figures.ts'
import { useOverviewTexts } from './texts.ts'

interface Matter {
  key: string
  text: string
  /** Where it is dealt with. */
  to?: string
  search?: object
}

/** The server names at most this many senders without a key. */
const MOST_NAMED = 100

/** The counted kinds under the names that incoming mail has for them. */
const CAME_BACK = { bounced: 'hard', returned: 'soft', blamed: 'sender', complained: 'complaint' } as const

/** Matters that somebody should deal with, each with a link to the place for it. */
export function AttentionList({ service, figures }: { service: number; figures: Figures }) {
  const t = useOverviewTexts()
  const ofInstallation = useOfInstallation()
  const ofService = useOfService(service, figures)
  // The service's own are included in the installation's, and people who look after the installation deal with them
  // there.
  const isAmongAll = ({ key }: Matter) =>
    key === 'unverified' && ofInstallation.some((matter) => matter.key === 'allUnverified')
  const open = [...ofService.filter((matter) => !isAmongAll(matter)), ...ofInstallation]
  return (
    <Paper withBorder p="md" component="section" aria-label={t('attention')}>
      <Title order={2} size="h4" mb="xs">
        {t('attention')}
      </Title>
      {open.length === 0 && <Text size="sm">{t('attentionNone')}</Text>}
      <List size="sm" spacing="xs">
        {open.map(({ key, text, to, search }) => (
          <List.Item key={key}>
            {text}{' '}
            {to && (
              <Anchor component={Link} to={to as string} search={search as never} underline="always" inherit>
                {t('look')}
              </Anchor>
            )}
          </List.Item>
        ))}
      </List>
    </Paper>
  )
}

function useOfService(service: number, { attention, kept }: Figures): Matter[] {
  const t = useOverviewTexts()
  const { sendersWithoutKey, failedImports, unverifiedRequests, expiring, openMails, peaks } = attention
  const counted = [
    {
      text: sendersWithoutKey.length < MOST_NAMED ? 'noKey' : 'noKeyMore',
      count: sendersWithoutKey.length,
      screen: 'senders',
    },
    { text: 'kept', count: kept, screen: 'settings' },
    { text: 'failedImports', count: failedImports, screen: 'imports' },
    { text: 'unverified', count: unverifiedRequests },
    { text: expiring.isMore ? 'expiringMore' : 'expiring', count: expiring.count, screen: 'stop-lists' },
    { text: 'openMails', count: openMails, screen: 'inbound' },
  ] as const
  const matters: Matter[] = counted
    .filter(({ count }) => count > 0)
    .map((matter) => ({
      key: matter.text,
      text: t(matter.text, { count: matter.count.toLocaleString() }),
      ...('screen' in matter && { to: `/services/${service}/${matter.screen}` }),
    }))
  const steep = peaks.map(({ day, outcome, count, usual }) => ({
    key: `${day} ${outcome}`,
    text: t(`peak_${outcome}`, { day, count: count.toLocaleString(), usual: usual.toLocaleString() }),
    ...(outcome === 'failed'
      ? { to: `/services/${service}/messages`, search: { state: 'failed' } }
      : { to: `/services/${service}/inbound`, search: { show: 'all', outcome: CAME_BACK[outcome] } }),
  }))
  return [...steep, ...matters]
}

/** For people who look after all sites: matters that belong to no service. */
function useOfInstallation(): Matter[] {
  const t = useOverviewTexts()
  const may = useCan('installation')
  const { data } = useQuery({
    queryKey: ['attention'],
    enabled: may,
    refetchInterval: 60_000,
    queryFn: () => bodyOf(api.GET('/api/v1/installation/attention')),
  })
  if (!data) return []
  return [
    ...(data.journalWaits ? [{ key: 'journal', text: t('journal') }] : []),
    ...(data.openMails > 0
      ? [
          {
            key: 'nobodys',
            text: t('nobodysMails', { count: data.openMails.toLocaleString() }),
            to: '/nobodys-inbound',
          },
        ]
      : []),
    ...(data.unverifiedRequests > 0
      ? [
          {
            key: 'allUnverified',
            text: t('allUnverified', { count: data.unverifiedRequests.toLocaleString() }),
            to: '/unverified',
          },
        ]
      : []),
  ]
}
