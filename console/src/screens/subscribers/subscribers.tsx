import { ActionIcon, Badge, Button, Group, Table } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { createLazyRoute } from '@tanstack/react-router'
import { useState } from 'react'
import { useAgreementTexts } from '../../agreements/texts.ts'
import { api, bodyOf } from '../../api/client.ts'
import { DownloadMenu } from '../../lists/download-menu.tsx'
import { useReasons } from '../../lists/reasons.ts'
import { AddressLink } from '../../parts/address-link.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoOn } from '../../parts/go-on.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Rows } from '../../parts/rows.tsx'
import { Screen } from '../../parts/screen.tsx'
import { useCan } from '../../session/me.ts'
import { DeleteSubscriber } from './delete-subscriber.tsx'
import { EditSubscriber } from './edit-subscriber.tsx'
import { ImportSubscribers } from './import-subscribers.tsx'
import { RegisterSubscriber } from './register-subscriber.tsx'
import { SearchBar } from './search-bar.tsx'
import type { Subscriber } from './subscriber-data.ts'
import { useSubscriberTexts } from './texts.ts'

export const Route = createLazyRoute('/inside/services/$service/subscribers')({ component: Subscribers })

function Subscribers() {
  const t = useSubscriberTexts()
  const agreementTexts = useAgreementTexts()
  const reasons = useReasons()
  const service = Number(Route.useParams().service)
  const search = Route.useSearch()
  const { cursor, ...filter } = search
  const mayEdit = useCan('edit')
  const [registering, register] = useDisclosure()
  const [importing, importFile] = useDisclosure()
  const [chosen, setChosen] = useState<{ subscriber: Subscriber; to: 'edit' | 'delete' }>()
  const query = useQuery({
    queryKey: ['subscribers', service, search],
    placeholderData: keepPreviousData,
    queryFn: () =>
      bodyOf(
        api.POST('/api/v1/services/{service}/subscribers/search', {
          params: { path: { service }, query: { limit: 50, ...(cursor && { cursor }) } },
          body: filter,
        }),
      ),
  })
  const isFiltered = Object.keys(filter).length > 0
  const agreements = useCan('download') && (
    <DownloadMenu service={service} file="agreements" label={agreementTexts('download')} />
  )
  const actions = mayEdit ? (
    <>
      {agreements}
      <Button variant="default" onClick={importFile.open}>
        {t('import')}
      </Button>
      <Button onClick={register.open}>{t('register')}</Button>
    </>
  ) : (
    agreements
  )
  const close = () => setChosen(undefined)
  return (
    <Screen title={t('title')} about={t('about')} actions={actions}>
      <SearchBar key={service} search={search} />
      <Rows
        query={query}
        minWidth={720}
        none={
          query.data?.next ? (
            <GoOn />
          ) : (
            <Empty title={t(isFiltered ? 'none' : 'noneAtAll')}>
              {t(isFiltered ? 'noneWhy' : 'noneAtAllWhy')}
            </Empty>
          )
        }
        head={
          <>
            <Table.Th>{t('address')}</Table.Th>
            <Table.Th>{t('userIds')}</Table.Th>
            <Table.Th>{t('membership')}</Table.Th>
            <Table.Th>{t('via')}</Table.Th>
            <Table.Th>{t('since')}</Table.Th>
            {mayEdit && <Table.Th>{t('actions')}</Table.Th>}
          </>
        }
      >
        {(subscriber) => {
          const { address, userIds, membership, via, since } = subscriber
          return (
            <Table.Tr key={address}>
              <Table.Td>
                <AddressLink service={service} address={address} />
              </Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{userIds.join(', ')}</Table.Td>
              <Table.Td>
                <Badge variant="light" color={membership === 'joined' ? 'teal' : 'gray'}>
                  {t(membership)}
                </Badge>
              </Table.Td>
              <Table.Td>{reasons(via)}</Table.Td>
              <Table.Td>
                <Moment at={since} />
              </Table.Td>
              {mayEdit && (
                <Table.Td>
                  <Group gap={4} wrap="nowrap">
                    <ActionIcon
                      variant="subtle"
                      aria-label={t('editOne', { address })}
                      onClick={() => setChosen({ subscriber, to: 'edit' })}
                    >
                      <IconPencil size={16} />
                    </ActionIcon>
                    <ActionIcon
                      variant="subtle"
                      color="red"
                      aria-label={t('deleteOne', { address })}
                      onClick={() => setChosen({ subscriber, to: 'delete' })}
                    >
                      <IconTrash size={16} />
                    </ActionIcon>
                  </Group>
                </Table.Td>
              )}
            </Table.Tr>
          )
        }}
      </Rows>
      <RegisterSubscriber service={service} opened={registering} onClose={register.close} />
      <ImportSubscribers service={service} opened={importing} onClose={importFile.close} />
      <Dialog opened={chosen?.to === 'edit'} onClose={close} title={t('edit')} size="lg">
        {chosen && <EditSubscriber service={service} subscriber={chosen.subscriber} onClose={close} />}
      </Dialog>
      <Dialog opened={chosen?.to === 'delete'} onClose={close} title={t('delete')}>
        {chosen && <DeleteSubscriber service={service} address={chosen.subscriber.address} onClose={close} />}
      </Dialog>
    </Screen>
  )
}
