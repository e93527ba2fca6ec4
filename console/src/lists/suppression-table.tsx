import { Badge, Button, Checkbox, Group, Select, Stack, Table, TextInput } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useEffect, useState } from 'react'
import { AddressLink } from '../parts/address-link.tsx'
import { Empty } from '../parts/empty.tsx'
import { StillSearching } from '../parts/go-on.tsx'
import { Moment } from '../parts/moment.tsx'
import { Rows } from '../parts/rows.tsx'
import { typedAddress } from '../parts/typed-address.ts'
import { findSuppressions } from './find-suppressions.ts'
import type { ListSearch } from './list-search.ts'
import { useReasons } from './reasons.ts'
import { ResumeDialog } from './resume-dialog.tsx'
import { useListTexts } from './texts.ts'

/** The lists of the service, each filled in a way of its own; all others are lists of senders. */
const SERVICE_LISTS = ['hard-bounces', 'complaints', 'blocklist'] as const

interface SuppressionTableProps {
  service: number
  /** The list's name in the native interface. */
  list: string
  mayResume: boolean
}

/** The people who are or were on a list: found by a part of the address, resumed one by one or many at once. */
export function SuppressionTable({ service, list, mayResume }: SuppressionTableProps) {
  const t = useListTexts()
  const reasons = useReasons()
  const search = useSearch({ strict: false }) as ListSearch
  const { contains, state = 'active', cursor } = search
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [resuming, setResuming] = useState<string[]>()
  const [lookedBackTo, setLookedBackTo] = useState<string>()
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is selected belongs to the rows that are shown.
  useEffect(() => setSelected(new Set()), [list, contains, state, cursor])
  const query = useQuery({
    queryKey: ['suppressions', service, list, contains, state, cursor],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => {
      setLookedBackTo(undefined)
      return findSuppressions(service, list, search, { signal, onLookedBack: setLookedBackTo })
    },
  })
  const active = query.data?.items.filter((item) => item.active).map(({ address }) => address) ?? []
  const toggle = (address: string) => {
    const next = new Set(selected)
    if (!next.delete(address)) next.add(address)
    setSelected(next)
  }
  const { data, error, isPlaceholderData } = query
  const isSearching = lookedBackTo !== undefined && !error && (!data || isPlaceholderData)
  const isFiltered = contains !== undefined || state !== 'active'
  return (
    <Stack>
      <SearchBar search={search} />
      {isSearching && <StillSearching lookedBackTo={lookedBackTo} />}
      {mayResume && selected.size > 0 && (
        <Group>
          <Button onClick={() => setResuming([...selected])}>
            {t('resumeSelected', { count: selected.size })}
          </Button>
        </Group>
      )}
      <Rows
        query={query}
        minWidth={960}
        none={
          <Empty title={t(isFiltered ? 'none' : 'noneAtAll')}>
            {isFiltered
              ? t('noneWhy')
              : t(`empty-${SERVICE_LISTS.find((name) => name === list) ?? 'sender'}`)}
          </Empty>
        }
        head={
          <>
            {mayResume && (
              <Table.Th>
                <Checkbox
                  aria-label={t('selectAll')}
                  disabled={active.length === 0}
                  checked={active.length > 0 && active.every((address) => selected.has(address))}
                  onChange={(event) => setSelected(new Set(event.currentTarget.checked ? active : []))}
                />
              </Table.Th>
            )}
            <Table.Th>{t('address')}</Table.Th>
            <Table.Th>{t('state')}</Table.Th>
            <Table.Th>{t('reason')}</Table.Th>
            <Table.Th>{t('source')}</Table.Th>
            <Table.Th>{t('since')}</Table.Th>
            <Table.Th>{t('requestedAt')}</Table.Th>
            <Table.Th>{t('expiresAt')}</Table.Th>
          </>
        }
      >
        {(item) => (
          <Table.Tr key={item.address}>
            {mayResume && (
              <Table.Td>
                <Checkbox
                  aria-label={`${t('select')}: ${item.address}`}
                  disabled={!item.active}
                  checked={selected.has(item.address)}
                  onChange={() => toggle(item.address)}
                />
              </Table.Td>
            )}
            <Table.Td miw={190}>
              <AddressLink service={service} address={item.address} />
            </Table.Td>
            <Table.Td>
              <Badge variant="light" color={item.active ? 'red' : 'teal'}>
                {t(item.active ? 'excluded' : 'deliverable')}
              </Badge>
            </Table.Td>
            <Table.Td>{reasons(item.reason)}</Table.Td>
            <Table.Td>{reasons(item.source)}</Table.Td>
            <Table.Td>
              <Moment at={item.since} />
            </Table.Td>
            <Table.Td>
              <Moment at={item.requestedAt} />
            </Table.Td>
            <Table.Td>{item.expiresAt ? <Moment at={item.expiresAt} /> : t('never')}</Table.Td>
          </Table.Tr>
        )}
      </Rows>
      <ResumeDialog
        service={service}
        list={list}
        addresses={resuming}
        onClose={() => setResuming(undefined)}
        onDone={() => setSelected(new Set())}
      />
    </Stack>
  )
}

/** The search goes into the address once it is submitted. */
function SearchBar({ search }: { search: ListSearch }) {
  const t = useListTexts()
  const navigate = useNavigate()
  const { contains: wanted = '' } = search
  const [contains, setContains] = useState(wanted)
  // Going back to an earlier search shows its text again.
  useEffect(() => setContains(wanted), [wanted])
  const go = (change: Partial<ListSearch>) =>
    void navigate({
      to: '.',
      search: (before: object) => ({ ...before, cursor: undefined, ...change }),
    } as never)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const part = typedAddress(contains)
    setContains(part)
    // Leaving the field without a change keeps the page that is shown.
    if (part !== wanted) go({ contains: part === '' ? undefined : part } as Partial<ListSearch>)
  }
  return (
    <search>
      <form onSubmit={submit}>
        <Group align="flex-end" gap="sm">
          <TextInput
            label={t('search')}
            type="search"
            value={contains}
            onChange={(event) => setContains(event.currentTarget.value)}
            onBlur={submit}
          />
          <Button type="submit" variant="default">
            {t('find')}
          </Button>
          <Select
            label={t('state')}
            allowDeselect={false}
            value={search.state ?? 'active'}
            onChange={(state) => go({ state } as Partial<ListSearch>)}
            data={[
              { value: 'active', label: t('stateActive') },
              { value: 'resumed', label: t('stateResumed') },
              { value: 'expired', label: t('stateExpired') },
              { value: 'all', label: t('stateAll') },
            ]}
          />
        </Group>
      </form>
    </search>
  )
}
