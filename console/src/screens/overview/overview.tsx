import { Anchor, Paper, SimpleGrid, Skeleton, Text, Title } from '@mantine/core'
import { createLazyRoute, Link } from '@tanstack/react-router'
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

/** What an operator looks at first in the morning. */
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
    [t('sent'), mail?.sent],
    [t('excluded'), mail?.excluded],
    [t('failed'), mail?.failed],
    [t('unsubscribed'), answers?.unsubscribed],
    [t('hardBounces'), answers?.bounced],
    [t('complaints'), answers?.complained],
  ] as const
  return (
    <Paper withBorder p="md" component="section" aria-label={t('today')}>
      <Title order={2} size="h4">
        {t('today')} ({today})
      </Title>
      <SimpleGrid component="dl" cols={{ base: 2, xs: 3, md: 6 }} m={0} mt="xs">
        {counts.map(([name, count = 0]) => (
          <div key={name}>
            <Text component="dt" size="xs" c="dimmed">
              {name}
            </Text>
            <Text component="dd" m={0} size="xl" fw={600}>
              {count.toLocaleString()}
            </Text>
          </div>
        ))}
      </SimpleGrid>
    </Paper>
  )
}
