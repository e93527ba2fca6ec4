import { Badge, Group, Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Fragment } from 'react'
import { api, bodyOf } from '../../api/client.ts'
import { Refusal } from '../../api/refusal.ts'
import { useReasons } from '../../lists/reasons.ts'
import { Failure } from '../../parts/failure.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Card } from './card.tsx'
import { useAddressTexts } from './texts.ts'

/** The address's owner, as far as the customer has told us. */
export function SubscriberCard({ service, address }: { service: number; address: string }) {
  const t = useAddressTexts()
  const reasons = useReasons()
  const { data, error } = useQuery({
    queryKey: ['address', service, address, 'subscriber'],
    queryFn: () =>
      bodyOf(
        api.POST('/api/v1/services/{service}/subscribers/read', {
          params: { path: { service } },
          body: { address },
        }),
      ),
  })
  const isUnknown = error instanceof Refusal && error.code === 'unknown-subscriber'
  const attributes = Object.entries(data?.attributes ?? {})
  return (
    <Card title={t('subscriber')}>
      {error && !isUnknown && <Failure error={error} />}
      {isUnknown && <Text size="sm">{t('noSubscriber')}</Text>}
      {!data && !error && <Skeleton h={40} />}
      {data && (
        <>
          <Group gap="xs">
            <Badge variant="light" color={data.membership === 'joined' ? 'teal' : 'gray'}>
              {t(data.membership)}
            </Badge>
            <Text size="sm" c="dimmed">
              <Moment at={data.since} /> · {reasons(data.via)}
            </Text>
          </Group>
          {data.userIds.length > 0 && (
            <Text size="sm">
              {t('userIds')}: {data.userIds.join(', ')}
            </Text>
          )}
          {attributes.length > 0 && (
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {t('attributes')}:{' '}
              {attributes.map(([name, value], index) => (
                <Fragment key={name}>
                  {index > 0 && ', '}
                  <bdi>{name}</bdi> = <bdi>{String(value)}</bdi>
                </Fragment>
              ))}
            </Text>
          )}
        </>
      )}
    </Card>
  )
}
