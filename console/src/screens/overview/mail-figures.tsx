import { Paper, Skeleton, Stack, Table, Title } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { Mailed } from './figures.ts'
import { useOverviewTexts } from './texts.ts'

const MailChart = lazy(() => import('./mail-chart.tsx'))

interface MailFiguresProps {
  title: string
  /** What stands at the head of each row. */
  by: string
  rows: readonly ({ name: string } & Mailed)[]
  sideways?: boolean
}

const DRAWN_SENDERS = 10

/** A chart, and the same as a table: for screen readers, and for who wants the figures. */
export function MailFigures({ title, by, rows, sideways = false }: MailFiguresProps) {
  const t = useOverviewTexts()
  const drawn = sideways ? rows.slice(0, DRAWN_SENDERS) : rows
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Stack>
        <Title order={2} size="h4">
          {title}
        </Title>
        <Suspense fallback={<Skeleton h={260} />}>
          <MailChart data={drawn.map((row) => ({ ...row }))} dataKey="name" sideways={sideways} />
        </Suspense>
        <details>
          <summary>{t('asTable')}</summary>
          <Table.ScrollContainer minWidth={420}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{by}</Table.Th>
                  <Table.Th ta="right">{t('sent')}</Table.Th>
                  <Table.Th ta="right">{t('excluded')}</Table.Th>
                  <Table.Th ta="right">{t('failed')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.map(({ name, sent, excluded, failed }) => (
                  <Table.Tr key={name}>
                    <Table.Th scope="row">{name}</Table.Th>
                    <Table.Td ta="right">{sent.toLocaleString()}</Table.Td>
                    <Table.Td ta="right">{excluded.toLocaleString()}</Table.Td>
                    <Table.Td ta="right">{failed.toLocaleString()}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </details>
      </Stack>
    </Paper>
  )
}
