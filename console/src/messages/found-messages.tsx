import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, bodyOf } from '../api/client.ts'
import { Empty } from '../parts/empty.tsx'
import { Paged } from '../parts/paged.tsx'
import type { MessageFilter } from './message-filter.ts'
import { MessageTable } from './message-table.tsx'
import { useMessageTexts } from './texts.ts'

interface FoundMessagesProps {
  service: number
  filter: MessageFilter
  cursor: string | undefined
  without?: readonly ('delivery' | 'recipient')[]
}

/** The results of a search for mails, page by page. */
export function FoundMessages({ service, filter, cursor, without = [] }: FoundMessagesProps) {
  const t = useMessageTexts()
  const query = useQuery({
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
  return (
    <Paged query={query} none={<Empty title={t('none')}>{t('noneWhy')}</Empty>}>
      {(messages) => <MessageTable service={service} messages={messages} without={without} />}
    </Paged>
  )
}
