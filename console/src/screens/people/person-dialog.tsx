import { Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, bodyOf } from '../../api/client.ts'
import { FormDialog } from '../../parts/form-dialog.tsx'
import type { Me } from '../../session/me.ts'
import { type Entry, grantsOf, type Person } from './grants.ts'
import { PersonFields } from './person-fields.tsx'
import type { Invitation } from './set-password-link.tsx'
import { usePeopleTexts } from './texts.ts'

interface PersonDialogProps {
  me: Me
  /** Who is changed; nobody is a new one. */
  person: Person | undefined
  onClose(): void
  onInvited(invitation: Invitation): void
}

/** Enters a person, or changes what one may do. To be mounted while it is open. */
export function PersonDialog({ me, person, onClose, onInvited }: PersonDialogProps) {
  const t = usePeopleTexts()
  const queries = useQueryClient()
  const [entry, setEntry] = useState<Entry>(() => person ?? emptyEntry(me))
  const saving = useMutation({
    mutationFn: async () => {
      if (person) {
        await api.PATCH('/api/v1/people/{id}', {
          params: { path: { id: person.id } },
          body: grantsOf(entry),
        })
        return undefined
      }
      return bodyOf(api.POST('/api/v1/people', { body: { ...grantsOf(entry), email: entry.email } }))
    },
    onSuccess: async (invited) => {
      await queries.invalidateQueries({ queryKey: ['people'] })
      onClose()
      if (invited) onInvited({ email: invited.person.email, url: invited.setPasswordUrl })
      else notifications.show({ color: 'teal', message: t('done', { email: entry.email }) })
    },
  })
  return (
    <FormDialog
      title={person ? `${t('change')}: ${person.email}` : t('enter')}
      size="lg"
      opened
      onClose={onClose}
      submit={person ? t('save') : t('enter')}
      carryOut={saving}
    >
      <PersonFields me={me} entry={entry} onChange={setEntry} isNew={!person} />
      {person && (
        <Text size="sm" c="dimmed">
          {t('changeWhy')}
        </Text>
      )}
    </FormDialog>
  )
}

function emptyEntry({ person, sites }: Me): Entry {
  const siteId = person.siteId ?? (sites.length === 1 ? (sites[0]?.id ?? null) : null)
  return { email: '', name: '', role: 'operator', permissions: [], siteId, services: [] }
}
