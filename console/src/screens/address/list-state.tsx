import { Alert, Button, Group, Paper, Skeleton, Stack, Table, Title } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useListNames } from '../../lists/list-names.ts'
import { useReasons } from '../../lists/reasons.ts'
import { ResumeDialog } from '../../lists/resume-dialog.tsx'
import { Failure } from '../../parts/failure.tsx'
import { Moment } from '../../parts/moment.tsx'
import { WideTable } from '../../parts/wide-table.tsx'
import { useCan } from '../../session/me.ts'
import { ExcludeDialog } from './exclude-dialog.tsx'
import { History } from './history.tsx'
import { useAddressTexts } from './texts.ts'
import { type Timeline, useTimeline } from './use-timeline.ts'

interface ListStateProps {
  service: number
  address: string
  /** Further facts, shown between the state and the history. */
  children: ReactNode
}

/** Whether mail reaches the address now, what can be changed about it, and how it came to be so. */
export function ListState({ service, address, children }: ListStateProps) {
  const t = useAddressTexts()
  const queries = useQueryClient()
  const mayEdit = useCan('edit')
  const { data, error, refetch } = useTimeline(service, address)
  const [resuming, setResuming] = useState<string>()
  const [excluding, setExcluding] = useState<'block' | 'stop'>()
  const renew = () => void queries.invalidateQueries({ queryKey: ['address', service] })
  // For an invalid address or a missing service nothing else would be known either.
  if (error) return <Failure error={error} reset={() => void refetch()} />
  if (!data) return <Skeleton h={240} />
  const isBlocked = data.excludedBy.some(({ list }) => list === 'blocklist')
  return (
    <>
      <Paper withBorder p="md">
        <Stack>
          <Title order={2} size="h4">
            {t('now')}
          </Title>
          {data.excludedBy.length === 0 ? (
            <Alert color="teal">{t('deliverable')}</Alert>
          ) : (
            <>
              <Alert color="red">{t('excluded')}</Alert>
              <Exclusions excludedBy={data.excludedBy} onResume={setResuming} />
            </>
          )}
          {mayEdit && (
            <Group gap="xs">
              {!isBlocked && (
                <Button variant="default" size="xs" onClick={() => setExcluding('block')}>
                  {t('block')}
                </Button>
              )}
              <Button variant="default" size="xs" onClick={() => setExcluding('stop')}>
                {t('stop')}
              </Button>
            </Group>
          )}
        </Stack>
      </Paper>
      {children}
      <History events={data.events} agreements={data.agreements} />
      <ResumeDialog
        service={service}
        list={resuming ?? ''}
        addresses={resuming === undefined ? undefined : [address]}
        onClose={() => setResuming(undefined)}
        onDone={renew}
      />
      <ExcludeDialog
        service={service}
        address={address}
        how={excluding}
        onClose={() => setExcluding(undefined)}
        onDone={renew}
      />
    </>
  )
}

interface ExclusionsProps {
  excludedBy: Timeline['excludedBy']
  onResume(list: string): void
}

function Exclusions({ excludedBy, onResume }: ExclusionsProps) {
  const t = useAddressTexts()
  const listName = useListNames()
  const reasons = useReasons()
  const mayEdit = useCan('edit')
  const mayReset = useCan('error-count-reset')
  // Seed 000 reserves the lifting of stops that recipients asked for themselves to people who may reset.
  const mayResume = (list: string) => mayEdit && (mayReset || !/^(sender|filter):/.test(list))
  return (
    <WideTable minWidth={760}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('list')}</Table.Th>
          <Table.Th>{t('reason')}</Table.Th>
          <Table.Th>{t('since')}</Table.Th>
          <Table.Th>{t('until')}</Table.Th>
          <Table.Td />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {excludedBy.map(({ list, reason, since, expiresAt }) => (
          <Table.Tr key={list}>
            <Table.Td>{listName(list)}</Table.Td>
            <Table.Td>{reasons(reason)}</Table.Td>
            <Table.Td>
              <Moment at={since} />
            </Table.Td>
            <Table.Td>{expiresAt ? <Moment at={expiresAt} /> : t('never')}</Table.Td>
            <Table.Td ta="right">
              {mayResume(list) && (
                <Button
                  size="xs"
                  onClick={() => onResume(list)}
                  aria-label={`${t('resume')}: ${listName(list)}`}
                >
                  {t('resume')}
                </Button>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}
