import { Badge, Button, Table } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { createLazyRoute } from '@tanstack/react-router'
import { useState } from 'react'
import { api, bodyOf } from '../../api/client.ts'
import { Empty } from '../../parts/empty.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Reserved } from '../../parts/reserved.tsx'
import { Rows } from '../../parts/rows.tsx'
import { Screen } from '../../parts/screen.tsx'
import { useGrantTexts } from '../../session/grant-texts.ts'
import { useMe } from '../../session/me.ts'
import type { Person } from './grants.ts'
import { PersonDialog } from './person-dialog.tsx'
import { PersonMenu } from './person-menu.tsx'
import { PersonStep, type Step } from './person-step.tsx'
import { type Invitation, SetPasswordLink } from './set-password-link.tsx'
import { usePeopleTexts } from './texts.ts'

export const Route = createLazyRoute('/inside/people')({ component: ReservedPeople })

function ReservedPeople() {
  const t = usePeopleTexts()
  return (
    <Reserved needs="site-admin" title={t('title')} about={t('about')}>
      <People />
    </Reserved>
  )
}

/** The dialog that is open over the list: for a new person, a change, or a step taken with somebody. */
type Open = { person?: Person; step: Step | 'edit' }

function People() {
  const t = usePeopleTexts()
  const grants = useGrantTexts()
  const { data: me } = useMe()
  const [open, setOpen] = useState<Open>()
  const [invitation, setInvitation] = useState<Invitation>()
  const query = useQuery({
    queryKey: ['people'],
    queryFn: () => bodyOf(api.GET('/api/v1/people')),
  })
  if (!me) return null
  const close = () => setOpen(undefined)
  const enter = <Button onClick={() => setOpen({ step: 'edit' })}>{t('enter')}</Button>
  const siteName = new Map(me.sites.map(({ id, name }) => [id, name]))
  return (
    <Screen title={t('title')} about={t('about')} actions={query.data && enter}>
      <Rows<Person>
        query={query}
        minWidth={960}
        none={<Empty title={t('none')} action={enter} />}
        head={
          <>
            <Table.Th>{t('name')}</Table.Th>
            <Table.Th>{t('role')}</Table.Th>
            <Table.Th>{t('site')}</Table.Th>
            <Table.Th>{t('services')}</Table.Th>
            <Table.Th>{t('secondFactor')}</Table.Th>
            <Table.Th>{t('state')}</Table.Th>
            <Table.Th>{t('signedInAt')}</Table.Th>
            <Table.Td />
          </>
        }
      >
        {(person) => (
          <Table.Tr key={person.id}>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              {person.name} {person.id === me.person.id && <Badge variant="default">{t('you')}</Badge>}
              <br />
              {person.email}
            </Table.Td>
            <Table.Td>{grants(`role_${person.role}`)}</Table.Td>
            <Table.Td>
              {person.siteId === null ? t('allSites') : (siteName.get(person.siteId) ?? person.siteId)}
            </Table.Td>
            <Table.Td>{person.services.join(', ') || t('allServices')}</Table.Td>
            <Table.Td>{t(person.hasSecondFactor ? 'on' : 'off')}</Table.Td>
            <Table.Td>
              <StateBadge person={person} />
            </Table.Td>
            <Table.Td>
              <Moment at={person.signedInAt} />
            </Table.Td>
            <Table.Td>
              <PersonMenu
                person={person}
                isMe={person.id === me.person.id}
                onChoose={(step) => setOpen({ person, step })}
              />
            </Table.Td>
          </Table.Tr>
        )}
      </Rows>
      {open?.step === 'edit' && (
        <PersonDialog me={me} person={open.person} onClose={close} onInvited={setInvitation} />
      )}
      {open?.person && open.step !== 'edit' && (
        <PersonStep step={open.step} person={open.person} onClose={close} onInvited={setInvitation} />
      )}
      <SetPasswordLink invitation={invitation} onClose={() => setInvitation(undefined)} />
    </Screen>
  )
}

function StateBadge({ person }: { person: Person }) {
  const t = usePeopleTexts()
  const state = person.disabledAt ? 'disabled' : isLocked(person) ? 'locked' : 'active'
  const color = { disabled: 'gray', locked: 'red', active: 'teal' }[state]
  return (
    <Badge variant="light" color={color}>
      {t(state)}
    </Badge>
  )
}

function isLocked({ lockedUntil }: Person): boolean {
  return lockedUntil !== null && Date.parse(lockedUntil) > Date.now()
}
