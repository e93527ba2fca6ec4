import { Alert, Button, Group, Stack, Table, Text } from '@mantine/core'
import type { paths } from '../../api/schema.d.ts'
import { Counts } from '../../parts/counts.tsx'
import { WideTable } from '../../parts/wide-table.tsx'
import { useSubscriberTexts } from './texts.ts'

export type Imported =
  paths['/api/v1/services/{service}/subscribers/import']['post']['responses']['200']['content']['application/json']

const SHOWN = 50

/** The result of a file of subscribers, with the rejected rows. */
export function ImportResult({ imported, onClose }: { imported: Imported; onClose(): void }) {
  const t = useSubscriberTexts()
  const { rows, rejects, erased } = imported
  const counts = [
    [t('rows'), rows],
    [t('imported'), imported.imported],
    [t('rejected'), rejects.length],
    [t('erased'), erased],
  ] as const
  return (
    <Stack>
      <Alert color="teal" role="status" title={t('importDone')} />
      <Counts counts={counts} />
      {rejects.length > 0 && (
        <WideTable minWidth={420}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('row')}</Table.Th>
              <Table.Th>{t('content')}</Table.Th>
              <Table.Th>{t('reason')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rejects.slice(0, SHOWN).map(({ row, text, reason }) => (
              <Table.Tr key={row}>
                <Table.Td>{row}</Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{text}</Table.Td>
                <Table.Td>{reason}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
      )}
      {rejects.length > SHOWN && <Text size="sm">{t('rejectsFirst', { count: SHOWN })}</Text>}
      <Group justify="flex-end">
        {rejects.length > 0 && (
          <Button variant="default" onClick={() => save([t('row'), t('content'), t('reason')], rejects)}>
            {t('rejectsDownload')}
          </Button>
        )}
        <Button onClick={onClose}>{t('close')}</Button>
      </Group>
    </Stack>
  )
}

/** The rejected rows as CSV (RFC 4180), with the byte order mark by which spreadsheets recognise UTF-8. */
function save(header: readonly string[], rejects: Imported['rejects']): void {
  // A spreadsheet takes a cell that begins like this for a formula.
  const safe = (text: string) => (/^[\t\r\n]*[=+\-@＝＋－＠]/.test(text) ? `\t${text}` : text)
  const cell = (text: string) => `"${safe(text).replaceAll('"', '""')}"`
  const lines = rejects.map(({ row, text, reason }) => `${row},${cell(text)},${cell(reason)}`)
  const blob = new Blob([`\uFEFF${[header.join(','), ...lines].join('\r\n')}\r\n`], { type: 'text/csv' })
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = 'rejects.csv'
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
