import { Anchor, List, Paper, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Figures } from './figures.ts'
import { useOverviewTexts } from './texts.ts'

/** What somebody should see to, each with the way to where that is done. */
export function AttentionList({ service, figures }: { service: number; figures: Figures }) {
  const t = useOverviewTexts()
  const { attention, expiring } = figures
  const all = [
    { text: 'noKey', count: attention.sendersWithoutKey.length, screen: 'senders' },
    { text: 'failedImports', count: attention.failedImports, screen: 'imports' },
    { text: 'unverified', count: attention.unverifiedRequests, screen: undefined },
    { text: 'expiring', count: expiring, screen: 'stop-lists' },
    { text: 'openMails', count: attention.openMails, screen: undefined },
  ] as const
  const open = all.filter(({ count }) => count > 0)
  return (
    <Paper withBorder p="md" component="section" aria-label={t('attention')}>
      <Title order={2} size="h4" mb="xs">
        {t('attention')}
      </Title>
      {open.length === 0 && <Text size="sm">{t('attentionNone')}</Text>}
      <List size="sm" spacing="xs">
        {open.map(({ text, count, screen }) => (
          <List.Item key={text}>
            {t(text, { count })}{' '}
            {screen && (
              <Anchor component={Link} to={`/services/${service}/${screen}` as string} underline="always">
                {t('look')}
              </Anchor>
            )}
          </List.Item>
        ))}
      </List>
    </Paper>
  )
}
