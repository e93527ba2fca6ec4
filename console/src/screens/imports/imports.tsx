import { Anchor, Badge, Table } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { createLazyRoute } from '@tanstack/react-router'
import { useState } from 'react'
import { api, bodyOf } from '../../api/client.ts'
import { useListNames } from '../../lists/list-names.ts'
import { hasEnded, type ImportView } from '../../lists/upload.ts'
import { useActorNames } from '../../parts/actor-names.ts'
import { Empty } from '../../parts/empty.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Rows } from '../../parts/rows.tsx'
import { Screen } from '../../parts/screen.tsx'
import { ImportDetails } from './import-details.tsx'
import { useImportTexts } from './texts.ts'

export const Route = createLazyRoute('/inside/services/$service/imports')({ component: Imports })

const COLORS: Partial<Record<ImportView['state'], string>> = { done: 'teal', failed: 'red', undone: 'gray' }

function Imports() {
  const t = useImportTexts()
  const names = useListNames()
  const nameOf = useActorNames()
  const service = Number(Route.useParams().service)
  const { cursor } = Route.useSearch()
  const [shown, setShown] = useState<number>()
  const query = useQuery({
    queryKey: ['imports', service, cursor],
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.items.every(hasEnded) === false ? 1_000 : false),
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/services/{service}/imports', {
          params: { path: { service }, query: { limit: 25, ...(cursor && { cursor }) } },
        }),
      ),
  })
  return (
    <Screen title={t('title')} about={t('about')}>
      <Rows
        query={query}
        minWidth={820}
        none={<Empty title={t('none')}>{t('noneWhy')}</Empty>}
        head={
          <>
            <Table.Th>{t('file')}</Table.Th>
            <Table.Th>{t('list')}</Table.Th>
            <Table.Th>{t('action')}</Table.Th>
            <Table.Th>{t('state')}</Table.Th>
            <Table.Th ta="right">{t('changed')}</Table.Th>
            <Table.Th ta="right">{t('rows')}</Table.Th>
            <Table.Th>{t('by')}</Table.Th>
            <Table.Th>{t('at')}</Table.Th>
          </>
        }
      >
        {(item) => (
          <Table.Tr key={item.id}>
            <Table.Td>
              <Anchor component="button" type="button" inherit onClick={() => setShown(item.id)}>
                {item.fileName ?? `#${item.id}`}
              </Anchor>
            </Table.Td>
            <Table.Td>{names(item.list)}</Table.Td>
            <Table.Td>
              {t(item.action)} {item.dryRun && <Badge variant="default">{t('dryRun')}</Badge>}
            </Table.Td>
            <Table.Td>
              <Badge variant="light" color={COLORS[item.state] ?? 'blue'}>
                {t(`state_${item.state}`)}
              </Badge>
            </Table.Td>
            <Table.Td ta="right">{item.rows.changed.toLocaleString()}</Table.Td>
            <Table.Td ta="right">{item.rows.read.toLocaleString()}</Table.Td>
            <Table.Td>{nameOf(item.createdBy)}</Table.Td>
            <Table.Td>
              <Moment at={item.createdAt} />
            </Table.Td>
          </Table.Tr>
        )}
      </Rows>
      <ImportDetails service={service} id={shown} onClose={() => setShown(undefined)} />
    </Screen>
  )
}
