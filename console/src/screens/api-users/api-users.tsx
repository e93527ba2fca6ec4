import { Badge, Button, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { createLazyRoute } from '@tanstack/react-router'
import { useState } from 'react'
import { api, bodyOf } from '../../api/client.ts'
import { Empty } from '../../parts/empty.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Reserved } from '../../parts/reserved.tsx'
import { Rows } from '../../parts/rows.tsx'
import { Screen } from '../../parts/screen.tsx'
import { useMe } from '../../session/me.ts'
import { ApiUserDialog } from './api-user-dialog.tsx'
import { ApiUserMenu, type Choice } from './api-user-menu.tsx'
import { ApiUserStep } from './api-user-step.tsx'
import { ClientDialog, type ShownClient } from './client-dialog.tsx'
import type { ApiUser } from './grants.ts'
import { RightsOf } from './rights-of.tsx'
import { RotateKey } from './rotate-key.tsx'
import { useApiUserTexts } from './texts.ts'

export const Route = createLazyRoute('/inside/api-users')({ component: ReservedApiUsers })

function ReservedApiUsers() {
  const t = useApiUserTexts()
  return (
    <Reserved needs="site-admin" title={t('title')} about={t('about')}>
      <ApiUsers />
    </Reserved>
  )
}

/** The dialog that is open over the list. */
type Open = { choice: 'create' } | { choice: Choice; user: ApiUser }

function ApiUsers() {
  const t = useApiUserTexts()
  const { data: me } = useMe()
  const { cursor } = Route.useSearch()
  const [open, setOpen] = useState<Open>()
  const [client, setClient] = useState<ShownClient>()
  const query = useQuery({
    queryKey: ['api-users', cursor],
    queryFn: () =>
      bodyOf(api.GET('/api/v1/api-users', { params: { query: { ...(cursor && { cursor }), limit: 50 } } })),
  })
  if (!me) return null
  const close = () => setOpen(undefined)
  const create = <Button onClick={() => setOpen({ choice: 'create' })}>{t('create')}</Button>
  const siteName = new Map(me.sites.map(({ id, name }) => [id, name]))
  const choose = (user: ApiUser) => (choice: Choice) =>
    choice === 'connect' ? setClient({ user, apiKey: null }) : setOpen({ choice, user })
  return (
    <Screen title={t('title')} about={t('about')} actions={query.data && create}>
      <Rows<ApiUser>
        query={query}
        minWidth={860}
        none={
          <Empty title={t('none')} action={create}>
            {t('noneWhy')}
          </Empty>
        }
        head={
          <>
            <Table.Th>{t('name')}</Table.Th>
            <Table.Th>{t('rights')}</Table.Th>
            <Table.Th>{t('services')}</Table.Th>
            <Table.Th>{t('lastUsedAt')}</Table.Th>
            <Table.Th>{t('key')}</Table.Th>
            <Table.Td />
          </>
        }
      >
        {(user) => (
          <Table.Tr key={user.id}>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              {user.name}
              {me.sites.length > 1 && (
                <Text size="xs" c="dimmed">
                  {siteName.get(user.siteId) ?? user.siteId}
                </Text>
              )}
            </Table.Td>
            <Table.Td>
              <RightsOf user={user} />
            </Table.Td>
            <Table.Td>{user.services.join(', ') || t('allServices')}</Table.Td>
            <Table.Td>{user.lastUsedAt ? <Moment at={user.lastUsedAt} /> : t('neverUsed')}</Table.Td>
            <Table.Td>
              <KeyState user={user} />
            </Table.Td>
            <Table.Td>
              <ApiUserMenu user={user} onChoose={choose(user)} />
            </Table.Td>
          </Table.Tr>
        )}
      </Rows>
      {open?.choice === 'create' && <ApiUserDialog me={me} onClose={close} onKey={setClient} />}
      {open?.choice === 'change' && (
        <ApiUserDialog me={me} user={open.user} onClose={close} onKey={setClient} />
      )}
      {open?.choice === 'rotate' && <RotateKey user={open.user} onClose={close} onKey={setClient} />}
      {(open?.choice === 'endPrevious' || open?.choice === 'revoke') && (
        <ApiUserStep step={open.choice} user={open.user} onClose={close} />
      )}
      <ClientDialog me={me} client={client} onClose={() => setClient(undefined)} />
    </Screen>
  )
}

/** One key, or two for a while: whether a client still uses the previous one decides when to end it. */
function KeyState({ user: { previousKey } }: { user: ApiUser }) {
  const t = useApiUserTexts()
  if (!previousKey) return <Badge variant="light">{t('oneKey')}</Badge>
  return (
    <>
      <Badge variant="light" color="yellow">
        {t('twoKeys')}
      </Badge>
      <Text size="xs">
        {t('previousUntil')} <Moment at={previousKey.until} />
      </Text>
      <Text size="xs">
        {t('previousUsed')} {previousKey.lastUsedAt ? <Moment at={previousKey.lastUsedAt} /> : t('notSince')}
      </Text>
    </>
  )
}
