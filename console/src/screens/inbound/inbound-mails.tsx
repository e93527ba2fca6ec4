import { Anchor, Badge, Group, SegmentedControl, Select, Table } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useFilter } from '../../messages/use-filter.ts'
import { AddressLink } from '../../parts/address-link.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Rows } from '../../parts/rows.tsx'
import { inboundCalls, type Whose } from './inbound-calls.ts'
import { InboundDetails } from './inbound-details.tsx'
import { type InboundMail, isOpen } from './inbound-mail.ts'
import { type InboundSearch, OUTCOMES } from './inbound-search.ts'
import { useInboundTexts } from './texts.ts'
import { useConclusion } from './use-conclusion.ts'

const HEAD = ['mail', 'outcome', 'why', 'address', 'receivedAt'] as const

/** Incoming mail that was not understood, or all of it. */
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
  const query = useQuery({
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
      <Rows<InboundMail>
        query={query}
        minWidth={760}
        none={
          <Empty title={t(show === 'all' ? 'none' : 'noneOpen')}>
            {t(show === 'all' ? 'noneWhy' : 'noneOpenWhy')}
          </Empty>
        }
        head={HEAD.map((name) => <Table.Th key={name}>{t(name)}</Table.Th>)}
      >
        {(mail) => <MailRow key={mail.id} whose={whose} mail={mail} onShow={() => setShown(mail.id)} />}
      </Rows>
      <InboundDetails whose={whose} id={shown} onClose={() => setShown(undefined)} />
    </>
  )
}

function MailRow({ whose, mail, onShow }: { whose: Whose; mail: InboundMail; onShow(): void }) {
  const t = useInboundTexts()
  const conclusion = useConclusion()
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component="button" type="button" inherit onClick={onShow}>
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
  )
}
