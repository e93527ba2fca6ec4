import { Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api, bodyOf } from '../../api/client.ts'
import { Failure } from '../../parts/failure.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Card } from './card.tsx'
import { useAddressTexts } from './texts.ts'

/** How often mail to the address bounced for temporary reasons. */
export function ErrorCount({ service, address }: { service: number; address: string }) {
  const t = useAddressTexts()
  const { data, error } = useQuery({
    queryKey: ['address', service, address, 'error-count'],
    queryFn: () =>
      bodyOf(
        api.POST('/api/v1/services/{service}/error-counts/search', {
          params: { path: { service } },
          body: { addresses: [address] },
        }),
      ),
  })
  const found = data?.items[0]
  return (
    <Card title={t('errorCount')}>
      {error && <Failure error={error} />}
      {!data && !error && <Skeleton h={40} />}
      {data && !found && <Text size="sm">{t('noErrors')}</Text>}
      {found && (
        <>
          <Text size="xl" fw={600}>
            {found.count}
          </Text>
          <Text size="sm" c="dimmed">
            {t('lastError')}: <Moment at={found.updatedAt} />
          </Text>
        </>
      )}
    </Card>
  )
}
