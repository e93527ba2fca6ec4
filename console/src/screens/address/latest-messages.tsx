import { Anchor, Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api, bodyOf } from '../../api/client.ts'
import { MessageTable } from '../../messages/message-table.tsx'
import { addressFragment } from '../../parts/address-fragment.ts'
import { Failure } from '../../parts/failure.tsx'
import { Card } from './card.tsx'
import { useAddressTexts } from './texts.ts'

const SHOWN = 10

/** The outcome of the latest mails to the address. */
export function LatestMessages({ service, address }: { service: number; address: string }) {
  const t = useAddressTexts()
  const { data, error, refetch } = useQuery({
    queryKey: ['address', service, address, 'messages'],
    queryFn: () =>
      bodyOf(
        api.POST('/api/v1/services/{service}/messages/search', {
          params: { path: { service }, query: { limit: SHOWN } },
          body: { recipient: address },
        }),
      ),
  })
  return (
    <Card title={t('messages')}>
      {error && <Failure error={error} reset={() => void refetch()} />}
      {!data && !error && <Skeleton h={80} />}
      {data?.items.length === 0 && <Text size="sm">{t('noMessages')}</Text>}
      {data && data.items.length > 0 && (
        <>
          <MessageTable service={service} messages={data.items} without={['recipient']} />
          <Anchor
            component={Link}
            to="/services/$service/messages"
            params={{ service: String(service) } as never}
            hash={addressFragment(address)}
            size="sm"
          >
            {t('allMessages')}
          </Anchor>
        </>
      )}
    </Card>
  )
}
