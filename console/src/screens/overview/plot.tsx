import { Paper, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { Series } from './chart.tsx'
import { useOverviewTexts } from './texts.ts'

const Chart = lazy(() => import('./chart.tsx'))

interface PlotProps {
  title: string
  /** The heading of the column of names. */
  by: string
  series: readonly Series[]
  rows: readonly Record<string, string | number>[]
  sideways?: boolean
  note?: string | undefined
}

const DRAWN_SENDERS = 10

/**
 * A chart together with the same data as a table: for screen readers, and for people who want the figures. Each row has
 * a `name`.
 */
export function Plot({ title, by, series, rows, sideways = false, note }: PlotProps) {
  const t = useOverviewTexts()
  const isEmpty = rows.every((row) => series.every(({ name }) => !row[name]))
  const drawn = sideways ? rows.slice(0, DRAWN_SENDERS) : rows
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Stack>
        <Title order={2} size="h4">
          {title}
        </Title>
        {isEmpty ? (
          <Text size="sm">{t('nothing')}</Text>
        ) : (
          <Suspense fallback={<Skeleton h={260} />}>
            <Chart data={drawn.map((row) => ({ ...row }))} series={series} sideways={sideways} />
          </Suspense>
        )}
        {note && (
          <Text size="sm" c="dimmed">
            {note}
          </Text>
        )}
        {!isEmpty && (
          <details>
            <summary>{t('asTable')}</summary>
            <Table.ScrollContainer minWidth={420}>
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{by}</Table.Th>
                    {series.map(({ name, label }) => (
                      <Table.Th key={name} ta="right">
                        {label}
                      </Table.Th>
                    ))}
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {rows.map((row) => (
                    <Table.Tr key={row['name']}>
                      <Table.Th scope="row">{row['name']}</Table.Th>
                      {series.map(({ name }) => (
                        <Table.Td key={name} ta="right">
                          {row[name]?.toLocaleString()}
                        </Table.Td>
                      ))}
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          </details>
        )}
      </Stack>
    </Paper>
  )
}
