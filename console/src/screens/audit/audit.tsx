import { Button, Table, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { createLazyRoute } from '@tanstack/react-router'
import { api, bodyOf } from '../../api/client.ts'
import { useActorNames } from '../../parts/actor-names.ts'
import { Empty } from '../../parts/empty.tsx'
import { Moment, useTimeZone } from '../../parts/moment.tsx'
import { Reserved } from '../../parts/reserved.tsx'
import { Rows } from '../../parts/rows.tsx'
import { Screen } from '../../parts/screen.tsx'
import { useDownload } from '../../parts/use-download.ts'
import { useLanguage } from '../../texts/i18n.ts'
import { ACTION_NAMES } from './action-names.ts'
import { AuditFilters } from './audit-filters.tsx'
import { Details } from './details.tsx'
import { useAuditTexts } from './texts.ts'
import { useSubjects } from './use-subjects.ts'

export const Route = createLazyRoute('/inside/audit')({ component: ReservedAudit })

function ReservedAudit() {
  const t = useAuditTexts()
  return (
    <Reserved needs="site-admin" title={t('title')} about={t('about')}>
      <Audit />
    </Reserved>
  )
}

const PER_PAGE = 50
const HEAD = ['at', 'actor', 'action', 'subject', 'detail'] as const

/** The site's record: searched, paged, and downloaded as searched. */
function Audit() {
  const t = useAuditTexts()
  const nameOf = useActorNames()
  const [language] = useLanguage()
  const subjectOf = useSubjects()
  const search = Route.useSearch()
  const timeZone = useTimeZone()
  const { cursor, ...filter } = search
  const query = useQuery({
    queryKey: ['audit', search, timeZone],
    placeholderData: keepPreviousData,
    queryFn: () =>
      bodyOf(api.GET('/api/v1/audit', { params: { query: { ...search, timeZone, limit: PER_PAGE } } })),
  })
  const file = new URLSearchParams({ ...filter, timeZone, format: 'csv', bom: 'true', formulas: 'neutral' })
  const download = useDownload(`/api/v1/audit/export?${file}`)
  return (
    <Screen
      title={t('title')}
      about={t('about')}
      actions={
        <Button component="a" variant="default" leftSection={<IconDownload size={16} />} {...download}>
          {t('export')}
        </Button>
      }
    >
      <AuditFilters key={JSON.stringify(filter)} search={search} />
      <Rows
        query={query}
        minWidth={820}
        none={<Empty title={t('none')}>{t('noneWhy', { zone: timeZone })}</Empty>}
        head={HEAD.map((name) => <Table.Th key={name}>{t(name)}</Table.Th>)}
      >
        {({ at, actor, action, subject, detail }, index) => (
          <Table.Tr key={index}>
            <Table.Td>
              <Moment at={at} />
            </Table.Td>
            <Table.Td miw={185} style={{ overflowWrap: 'anywhere' }}>
              {nameOf(actor)}
            </Table.Td>
            <Table.Td>
              {ACTION_NAMES[action]?.[language] ?? action}
              <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                {action}
              </Text>
            </Table.Td>
            <Table.Td miw={185} style={{ overflowWrap: 'anywhere' }}>
              {subjectOf(action, subject)}
            </Table.Td>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              <Details detail={detail} />
            </Table.Td>
          </Table.Tr>
        )}
      </Rows>
    </Screen>
  )
}
