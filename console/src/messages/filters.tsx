import { Group, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api, bodyOf } from '../api/client.ts'
import { useListNames } from '../lists/list-names.ts'
import { MOST_SHOWN, useSenders } from '../lists/use-senders.ts'
import type { MailSearch } from './mail-search.ts'
import { MESSAGE_STATES } from './message-state.tsx'
import { useMessageTexts } from './texts.ts'
import { useFilter } from './use-filter.ts'

interface FilterProps {
  service: number
  search: MailSearch
}

export function StateFilter({ search }: Pick<FilterProps, 'search'>) {
  const t = useMessageTexts()
  const filter = useFilter<MailSearch>()
  return (
    <Select
      label={t('state')}
      placeholder={t('all')}
      clearable
      clearButtonProps={{ 'aria-label': t('clear') }}
      w={190}
      value={search.state ?? null}
      onChange={(state) => filter({ state: state as MailSearch['state'] })}
      data={MESSAGE_STATES.map((value) => ({ value, label: t(value) }))}
    />
  )
}

export function SenderFilter({ service, search }: { service: number; search: { sender?: string } }) {
  const t = useMessageTexts()
  const filter = useFilter<MailSearch>()
  const senders = useSenders(service)?.map(({ address }) => address) ?? []
  const { sender } = search
  return (
    <Select
      label={t('sender')}
      placeholder={t('all')}
      searchable
      limit={MOST_SHOWN}
      clearable
      clearButtonProps={{ 'aria-label': t('clear') }}
      w={240}
      value={sender ?? null}
      onChange={(chosen) => filter({ sender: chosen })}
      data={sender === undefined || senders.includes(sender) ? senders : [sender, ...senders]}
    />
  )
}

/** The list that excluded the recipient. */
export function ListFilter({ service, search }: FilterProps) {
  const t = useMessageTexts()
  const filter = useFilter<MailSearch>()
  const listName = useListNames()
  const senders = useSenders(service) ?? []
  const { data } = useQuery({
    queryKey: ['filters', service, 'all'],
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/services/{service}/filters', {
          params: { path: { service }, query: { limit: 1_000 } },
        }),
      ),
  })
  const lists = [
    ...['hard-bounces', 'complaints', 'blocklist'],
    ...senders.map(({ address }) => `sender:${address}`),
    ...(data?.items ?? []).map(({ name }) => `filter:${name}`),
  ]
  return (
    <Select
      label={t('excludedBy')}
      placeholder={t('all')}
      searchable
      limit={MOST_SHOWN}
      clearable
      clearButtonProps={{ 'aria-label': t('clear') }}
      w={260}
      value={search.list ?? null}
      onChange={(list) => filter({ list })}
      data={lists.map((value) => ({ value, label: listName(value) }))}
    />
  )
}

/** The days of acceptance, in the service's zone. */
export function DaysFilter({ search }: { search: { from?: string; to?: string } }) {
  const t = useMessageTexts()
  const filter = useFilter<MailSearch>()
  return (
    <Group gap="sm" align="flex-end">
      <TextInput
        label={t('from')}
        type="date"
        max={search.to}
        value={search.from ?? ''}
        onChange={(event) => filter({ from: event.currentTarget.value })}
      />
      <TextInput
        label={t('to')}
        type="date"
        min={search.from}
        value={search.to ?? ''}
        onChange={(event) => filter({ to: event.currentTarget.value })}
      />
    </Group>
  )
}
