import { Anchor, Badge, Group, SegmentedControl, Select, Skeleton, Table } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useFilter } from '../../messages/use-filter.ts'
import { AddressLink } from '../../parts/address-link.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Failure } from '../../parts/failure.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Pager } from '../../parts/pager.tsx'
import { WideTable } from '../../parts/wide-table.tsx'
import { inboundCalls, type Whose } from './inbound-calls.ts'
import { InboundDetails } from './inbound-details.tsx'
import { type InboundMail, isOpen } from './inbound-mail.ts'
import { type InboundSearch, OUTCOMES } from './inbound-search.ts'
import { useInboundTexts } from './texts.ts'
import { useConclusion } from './use-conclusion.ts'

/** Mail that came in and was not understood, or all of it. */
export function InboundMails({
  whose,
  search: { show, outcome, cursor },
}: {
  whose: Whose
  search: InboundSearch
}) {
  const t = useInboundTexts()
  const filter = useFilter<InboundSearch>()
  const [shown, setShown] = useState<number>()
  const { data, error, refetch } = useQuery({
    queryKey: ['inbound', whose, show, outcome, cursor],
    placeholderData: keepPreviousData,
    queryFn: () =>
      inboundCalls(whose).find({
        limit: 25,
        ...(show === 'all' ? outcome && { outcome } : { open: 'true' as const }),
        ...(cursor && { cursor }),
      }),
  })
  return (
    <>
      <Group gap="sm">
        <SegmentedControl
          aria-label={t('show')}
          w="fit-content"
          value={show ?? 'open'}
          onChange={(value) => filter({ show: value === 'all' ? 'all' : undefined, outcome: undefined })}
          data={[
            { value: 'open', label: t('open') },
            { value: 'all', label: t('all') },
          ]}
        />
        {show === 'all' && (
          <Select
            aria-label={t('outcome')}
            placeholder={t('outcome')}
            clearable
            clearButtonProps={{ 'aria-label': t('clear') }}
            w={220}
            value={outcome ?? null}
            onChange={(value) => filter({ outcome: value as InboundMail['outcome'] | null })}
            data={OUTCOMES.map((value) => ({ value, label: t(`outcome_${value}`) }))}
          />
        )}
      </Group>
      {error && <Failure error={error} reset={() => void refetch()} />}
      {!data && !error && <Skeleton h={240} />}
      {data?.items.length === 0 && (
        <Empty title={t(show === 'all' ? 'none' : 'noneOpen')}>
          {t(show === 'all' ? 'noneWhy' : 'noneOpenWhy')}
        </Empty>
      )}
      {data && data.items.length > 0 && <MailTable whose={whose} mails={data.items} onShow={setShown} />}
      <Pager next={data?.next} />
      <InboundDetails whose={whose} id={shown} onClose={() => setShown(undefined)} />
    </>
  )
}

interface MailTableProps {
  whose: Whose
  mails: readonly InboundMail[]
  onShow(id: number): void
}

function MailTable({ whose, mails, onShow }: MailTableProps) {
  const t = useInboundTexts()
  const conclusion = useConclusion()
  return (
    <WideTable minWidth={760} highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('mail')}</Table.Th>
          <Table.Th>{t('outcome')}</Table.Th>
          <Table.Th>{t('why')}</Table.Th>
          <Table.Th>{t('address')}</Table.Th>
          <Table.Th>{t('receivedAt')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {mails.map((mail) => (
          <Table.Tr key={mail.id}>
            <Table.Td>
              <Anchor component="button" type="button" inherit onClick={() => onShow(mail.id)}>
                #{mail.id} {t(`${mail.kind}Mail`)}
              </Anchor>
            </Table.Td>
            <Table.Td>
              <Badge variant="light" color={isOpen(mail) ? 'orange' : 'gray'}>
                {mail.resolvedAt ? t('resolved') : t(`outcome_${mail.outcome}`)}
              </Badge>
            </Table.Td>
            <Table.Td>{conclusion(mail)}</Table.Td>
            <Table.Td>
              {mail.address && whose !== 'nobody' ? (
                <AddressLink service={whose} address={mail.address} />
              ) : (
                (mail.address ?? mail.recipient ?? '–')
              )}
            </Table.Td>
            <Table.Td>
              <Moment at={mail.receivedAt} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}
