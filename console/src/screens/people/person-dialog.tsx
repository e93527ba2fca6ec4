import { Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { api, bodyOf } from '../../api/client.ts'
import { Refusal } from '../../api/refusal.ts'
import { ChangedMeanwhile } from '../../editing/changed-meanwhile.tsx'
import { type Saved, useEditing } from '../../editing/use-editing.ts'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { useGrantTexts } from '../../session/grant-texts.ts'
import type { Me } from '../../session/me.ts'
import { type Entry, grantsOf, type Person } from './grants.ts'
import { PersonFields } from './person-fields.tsx'
import type { Invitation } from './set-password-link.tsx'
import { usePeopleTexts } from './texts.ts'

interface PersonDialogProps {
  me: Me
  /** The person to change; undefined for a new one. */
  person: Person | undefined
  onClose(): void
  onInvited(invitation: Invitation): void
}

/** Enters a person, or changes what they may do. To be mounted while it is open. */
export function PersonDialog({ me, person, onClose, onInvited }: PersonDialogProps) {
  const t = usePeopleTexts()
  const grants = useGrantTexts()
  const queries = useQueryClient()
  const invitation = useRef<Invitation>(undefined)
  const editing = useEditing<Entry>({
    loaded: person ? savedOf(person) : { values: emptyEntry(me), revision: '' },
    read: async () => savedOf(await readPerson(person?.id)),
    save: async (_changes, { values, revision }) => {
      if (person) {
        const path = { id: person.id }
        const body = { ...grantsOf(values), revision }
        return savedOf(await bodyOf(api.PATCH('/api/v1/people/{id}', { params: { path }, body })))
      }
      const body = { ...grantsOf(values), email: values.email }
      const invited = await bodyOf(api.POST('/api/v1/people', { body }))
      invitation.current = { email: invited.person.email, url: invited.setPasswordUrl }
      return savedOf(invited.person)
    },
    onSaved: async ({ values: { email } }) => {
      await queries.invalidateQueries({ queryKey: ['people'] })
      onClose()
      if (invitation.current) onInvited(invitation.current)
      else notifications.show({ color: 'teal', message: t('done', { email }) })
    },
  })
  const { conflict } = editing
  const inWords = (key: keyof Entry, value: unknown): string => {
    if (key === 'role') return grants(`role_${value as Entry['role']}`)
    if (key === 'permissions') {
      return (value as Entry['permissions']).map((each) => grants(`permission_${each}`)).join(', ')
    }
    if (key === 'services') return (value as string[]).join(', ') || t('allServices')
    if (key !== 'siteId') return String(value)
    return value === null ? t('allSites') : (me.sites.find(({ id }) => id === value)?.name ?? String(value))
  }
  return (
    <FormDialog
      title={person ? `${t('change')}: ${person.email}` : t('enter')}
      size="lg"
      opened
      onClose={onClose}
      submit={person ? t('save') : t('enter')}
      carryOut={{ mutate: editing.save, error: editing.error, isPending: editing.isSaving }}
      isIncomplete={conflict !== undefined}
    >
      {conflict && (
        <ChangedMeanwhile
          conflict={conflict}
          describe={(key, value) => ({ name: t(NAMES[key]), value: inWords(key, value) })}
        />
      )}
      <PersonFields me={me} entry={editing.values} onChange={editing.set} isNew={!person} />
      {person && (
        <Text size="sm" c="dimmed">
          {t('changeWhy')}
        </Text>
      )}
    </FormDialog>
  )
}

const NAMES = {
  email: 'email',
  name: 'name',
  role: 'role',
  permissions: 'permissions',
  siteId: 'site',
  services: 'services',
} as const

function savedOf({ email, name, role, permissions, siteId, services, revision }: Person): Saved<Entry> {
  return { values: { email, name, role, permissions, siteId, services }, revision }
}

async function readPerson(id: string | undefined): Promise<Person> {
  const { items } = await bodyOf(api.GET('/api/v1/people'))
  const found = items.find((each) => each.id === id)
  if (!found) throw new Refusal(404, { code: 'not-found' })
  return found
}

function emptyEntry({ person, sites }: Me): Entry {
  const siteId = person.siteId ?? (sites.length === 1 ? (sites[0]?.id ?? null) : null)
  return { email: '', name: '', role: 'operator', permissions: [], siteId, services: [] }
}
