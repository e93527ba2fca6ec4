import { ActionIcon, Button, Code, Group, Table } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { createLazyRoute } from '@tanstack/react-router'
import { useState } from 'react'
import { ChangedBefore } from '../../editing/changed-meanwhile.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Rows } from '../../parts/rows.tsx'
import { Screen } from '../../parts/screen.tsx'
import { useCan } from '../../session/me.ts'
import { FilterDialog } from './filter-dialog.tsx'
import type { FilterFields } from './filter-fields.tsx'
import { readFilters } from './read-filter.ts'
import { RemoveFilter } from './remove-filter.tsx'
import { useFilterTexts } from './texts.ts'
import { TryFilters } from './try-filters.tsx'
import { type Move, type Order, useMoving } from './use-moving.ts'

export const Route = createLazyRoute('/inside/services/$service/filters')({ component: Filters })

type Filter = FilterFields & { classId: string; position: number; revision: string }

function Filters() {
  const t = useFilterTexts()
  const service = Number(Route.useParams().service)
  const mayEdit = useCan('edit')
  const [edited, setEdited] = useState<{ filter?: Filter }>()
  const [removed, setRemoved] = useState<Filter>()
  const { data, error, refetch } = useQuery({
    queryKey: ['filters', service],
    queryFn: () => readFilters(service),
  })
  const moving = useMoving(service, data)
  const filters: readonly Filter[] = data?.items ?? []
  const swap = (upper: Filter | undefined, lower: Filter | undefined, moved: Omit<Move, 'upper' | 'lower'>) =>
    upper && lower && moving.run({ upper: upper.classId, lower: lower.classId, ...moved })
  const create = mayEdit && <Button onClick={() => setEdited({})}>{t('create')}</Button>
  return (
    <Screen title={t('title')} about={t('about')} actions={create}>
      {moving.conflict && (
        <ChangedBefore
          conflict={moving.conflict}
          describe={(_, value) => ({
            name: t('order'),
            value: (value as Order['order']).map(({ name }) => name).join(t('comma')),
          })}
          proceed={`${t('moveAnyway')}: ${t(moving.conflict.wanted.way)} (${moving.conflict.wanted.name})`}
          giveUp={t('cancel')}
        />
      )}
      <Rows
        query={{ data, error: error ?? moving.error, refetch }}
        minWidth={640}
        none={
          <Empty title={t('none')} action={create}>
            {t('noneWhy')}
          </Empty>
        }
        head={
          <>
            <Table.Th>{t('name')}</Table.Th>
            <Table.Th>{t('header')}</Table.Th>
            <Table.Th>{t('match')}</Table.Th>
            <Table.Th>{t('pattern')}</Table.Th>
            {mayEdit && <Table.Th>{t('actions')}</Table.Th>}
          </>
        }
      >
        {(filter, index) => (
          <Table.Tr key={filter.classId}>
            <Table.Td>{filter.name}</Table.Td>
            <Table.Td>{filter.header}</Table.Td>
            <Table.Td>{t(filter.match)}</Table.Td>
            <Table.Td>
              <Code>{filter.pattern}</Code>
            </Table.Td>
            {mayEdit && (
              <Table.Td>
                <Group gap={4} wrap="nowrap">
                  <ActionIcon
                    variant="default"
                    aria-label={`${t('up')}: ${filter.name}`}
                    disabled={index === 0 || moving.isPending}
                    onClick={() => swap(filters[index - 1], filter, { name: filter.name, way: 'up' })}
                  >
                    <IconArrowUp size={16} />
                  </ActionIcon>
                  <ActionIcon
                    variant="default"
                    aria-label={`${t('down')}: ${filter.name}`}
                    disabled={index === filters.length - 1 || moving.isPending}
                    onClick={() => swap(filter, filters[index + 1], { name: filter.name, way: 'down' })}
                  >
                    <IconArrowDown size={16} />
                  </ActionIcon>
                  <Button size="xs" variant="default" onClick={() => setEdited({ filter })}>
                    {t('change')}
                  </Button>
                  <Button size="xs" variant="default" onClick={() => setRemoved(filter)}>
                    {t('remove')}
                  </Button>
                </Group>
              </Table.Td>
            )}
          </Table.Tr>
        )}
      </Rows>
      {data && <TryFilters service={service} example={filters[0]} />}
      {edited && (
        <FilterDialog service={service} filter={edited.filter} onClose={() => setEdited(undefined)} />
      )}
      {removed && <RemoveFilter service={service} filter={removed} onClose={() => setRemoved(undefined)} />}
    </Screen>
  )
}
