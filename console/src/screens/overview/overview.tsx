import { Anchor, Paper, SimpleGrid, Skeleton, Text, Title } from '@mantine/core'
import { createLazyRoute, Link } from '@tanstack/react-router'
import { Counts } from '../../parts/counts.tsx'
import { dayIn } from '../../parts/day.ts'
import { Empty } from '../../parts/empty.tsx'
import { Failure } from '../../parts/failure.tsx'
import { useTimeZone } from '../../parts/moment.tsx'
import { Screen } from '../../parts/screen.tsx'
import { AttentionList } from './attention.tsx'
import { ComplaintRate } from './complaint-rate.tsx'
import { type Figures, useFigures } from './figures.ts'
import { Plots } from './plots.tsx'
import { useOverviewTexts } from './texts.ts'

export const Route = createLazyRoute('/inside/services/$service/')({ component: Overview })

/** The screen that an operator looks at first in the morning. */
function Overview() {
  const t = useOverviewTexts()
  const service = Number(Route.useParams().service)
  const { data, error, refetch } = useFigures(service)
  return (
    <Screen title={t('title')} about={t('about')}>
      {error && <Failure error={error} reset={() => void refetch()} />}
      {!data && !error && <Skeleton h={320} />}
      {data && (
        <>
          <Today figures={data} />
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            <AttentionList service={service} figures={data} />
            <ComplaintRate figures={data} />
          </SimpleGrid>
          {data.days.length + data.listed.length === 0 ? (
            <Empty
              title={t('emptyTitle')}
              action={
                <Anchor
                  component={Link}
                  to={`/services/${service}/senders` as string}
                  size="sm"
                  underline="always"
                >
                  {t('toSenders')}
                </Anchor>
              }
            >
              {t('emptyWhy')}
            </Empty>
          ) : (
            <Plots figures={data} />
          )}
        </>
      )}
    </Screen>
  )
}

function Today({ figures: { days, listed } }: { figures: Figures }) {
  const t = useOverviewTexts()
  const today = dayIn(useTimeZone())
  const mail = days.find(({ day }) => day === today)
  const answers = listed.find(({ day }) => day === today)
  const counts = [
    [t('sent'), mail?.sent ?? 0],
    [t('excluded'), mail?.excluded ?? 0],
    [t('failed'), mail?.failed ?? 0],
    [t('unsubscribed'), answers?.unsubscribed ?? 0],
    [t('hardBounces'), answers?.bounced ?? 0],
    [t('complaints'), answers?.complained ?? 0],
  ] as const
  return (
    <Paper withBorder p="md" component="section" aria-label={t('today')}>
      <Title order={2} size="h4" mb="xs">
        {t('today')} ({today})
      </Title>
      <Counts counts={counts} cols={{ base: 2, xs: 3, md: 6 }} />
      {answers?.isMore && (
        <Text size="xs" c="dimmed" mt="xs">
          {t('isMore')}
        </Text>
      )}
    </Paper>
  )
}
