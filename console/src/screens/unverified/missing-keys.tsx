import { Badge, Button, Code, Paper, Table, Title } from '@mantine/core'
import { useState } from 'react'
import type { paths } from '../../api/schema.d.ts'
import { Moment } from '../../parts/moment.tsx'
import { WideTable } from '../../parts/wide-table.tsx'
import { DiscardKey } from './discard-key.tsx'
import { useUnverifiedTexts } from './texts.ts'

export type MissingKey =
  paths['/api/v1/installation/unverified-requests/keys']['get']['responses']['200']['content']['application/json']['items'][number]

/** The keys that requests wait for; where a key has arrived meanwhile, its requests only need to be carried out. */
export function MissingKeys({ keys }: { keys: readonly MissingKey[] }) {
  const t = useUnverifiedTexts()
  const [discarding, setDiscarding] = useState<MissingKey>()
  return (
    <Paper withBorder p="md" component="section" aria-label={t('keys')}>
      <Title order={2} size="h4" mb="xs">
        {t('keys')}
      </Title>
      <WideTable minWidth={520}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('keyId')}</Table.Th>
            <Table.Th>{t('state')}</Table.Th>
            <Table.Th>{t('count')}</Table.Th>
            <Table.Th>{t('since')}</Table.Th>
            <Table.Td />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map((key) => (
            <Table.Tr key={key.keyId}>
              <Table.Td>
                <Code>{key.keyId}</Code>
              </Table.Td>
              <Table.Td>
                <Badge variant="light" color={key.isHere ? 'teal' : 'orange'}>
                  {t(key.isHere ? 'isHere' : 'isMissing')}
                </Badge>
              </Table.Td>
              <Table.Td>{key.count.toLocaleString()}</Table.Td>
              <Table.Td>
                <Moment at={key.since} />
              </Table.Td>
              <Table.Td>
                <Button
                  variant="default"
                  size="xs"
                  aria-label={`${t('discard')}: ${key.keyId}`}
                  onClick={() => setDiscarding(key)}
                >
                  {t('discard')}
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
      {discarding && <DiscardKey missing={discarding} onClose={() => setDiscarding(undefined)} />}
    </Paper>
  )
}
