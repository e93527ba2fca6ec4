import { Skeleton } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, bodyOf } from '../api/client.ts'
import { Empty } from '../parts/empty.tsx'
import { Failure } from '../parts/failure.tsx'
import { GoOn } from '../parts/go-on.tsx'
import { Pager } from '../parts/pager.tsx'
import type { MessageFilter } from './message-filter.ts'
import { MessageTable } from './message-table.tsx'
import { useMessageTexts } from './texts.ts'

interface FoundMessagesProps {
  service: number
  filter: MessageFilter
  cursor: string | undefined
  without?: readonly ('delivery' | 'recipient')[]
}

/** What a search for mails finds, page by page. */
export function FoundMessages({ service, filter, cursor, without = [] }: FoundMessagesProps) {
  const t = useMessageTexts()
  const { data, error, refetch } = useQuery({
    queryKey: ['messages', service, filter, cursor],
    placeholderData: keepPreviousData,
    queryFn: () =>
      bodyOf(
        api.POST('/api/v1/services/{service}/messages/search', {
          params: { path: { service }, query: { limit: 50, ...(cursor && { cursor }) } },
          body: filter,
        }),
      ),
  })
  const isEmpty = data?.items.length === 0
  return (
    <>
      {error && <Failure error={error} reset={() => void refetch()} />}
      {!data && !error && <Skeleton h={240} />}
      {isEmpty && data.next && <GoOn />}
      {isEmpty && !data.next && <Empty title={t('none')}>{t('noneWhy')}</Empty>}
      {data && data.items.length > 0 && (
        <MessageTable service={service} messages={data.items} without={without} />
      )}
      <Pager next={data?.next} />
    </>
  )
}
