import { Alert, Badge, Code, Stack, Table, Text } from '@mantine/core'
import type { paths } from '../../api/schema.d.ts'
import { useListNames } from '../../lists/list-names.ts'
import { WideTable } from '../../parts/wide-table.tsx'
import { useTrialTexts } from './trial-texts.ts'

type Trial =
  paths['/api/v1/services/{service}/filters/try']['post']['responses']['200']['content']['application/json']
type Verdict = Trial['filters'][number]['verdict']

/** Which filter caught the mail, and for each of the others why it did not. */
export function TrialResult({ trial: { filters, values, link, lists } }: { trial: Trial }) {
  const t = useTrialTexts()
  const nameOf = useListNames()
  const first = filters.findIndex(({ verdict }) => verdict === 'matches')
  return (
    <Stack gap="sm" role="status">
      <Alert color={link ? 'teal' : 'gray'} title={link ? nameOf(link) : t('noLink')}>
        {link ? t(link.startsWith('filter:') ? 'byFilter' : 'bySender') : t('noLinkWhy')}
        {lists.length > 1 && <div>{t('alsoLeftOut', { lists: lists.map(nameOf).join(t('comma')) })}</div>}
      </Alert>
      {filters.length > 0 && (
        <WideTable minWidth={560}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('order')}</Table.Th>
              <Table.Th>{t('filter')}</Table.Th>
              <Table.Th>{t('verdict')}</Table.Th>
              <Table.Th>{t('why')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {filters.map((filter, index) => (
              <Table.Tr key={filter.classId}>
                <Table.Td>{index + 1}</Table.Td>
                <Table.Td>{filter.name}</Table.Td>
                <Table.Td>
                  <Badge variant="light" color={COLORS[filter.verdict]} miw="max-content">
                    {t(index === first ? 'first' : filter.verdict)}
                  </Badge>
                </Table.Td>
                <Table.Td>
                  <Why filter={filter} values={values[filter.header.toLowerCase()] ?? []} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
      )}
    </Stack>
  )
}

const COLORS: Record<Verdict, string> = {
  matches: 'teal',
  'no-header': 'gray',
  'other-value': 'gray',
  'other-case': 'yellow',
}

function Why({ filter, values }: { filter: Trial['filters'][number]; values: readonly string[] }) {
  const t = useTrialTexts()
  const { header, pattern, match, verdict } = filter
  return (
    <>
      <Text size="sm">{t(`${verdict}Why`, { header })}</Text>
      {verdict !== 'no-header' && (
        <Text size="xs" component="div" style={{ overflowWrap: 'anywhere' }}>
          {t(match === 'exact' ? 'wanted' : 'wantedRegex')} <Code>{pattern}</Code> · {t('read')}{' '}
          {values.map((value) => (
            <Code key={value}>{value.slice(0, 200)}</Code>
          ))}
        </Text>
      )}
    </>
  )
}
