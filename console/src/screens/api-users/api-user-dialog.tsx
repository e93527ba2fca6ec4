import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { api, bodyOf } from '../../api/client.ts'
import { ChangedMeanwhile } from '../../editing/changed-meanwhile.tsx'
import { type Saved, useEditing } from '../../editing/use-editing.ts'
import { FormDialog } from '../../parts/form-dialog.tsx'
import type { Me } from '../../session/me.ts'
import { ApiUserFields } from './api-user-fields.tsx'
import type { ShownClient } from './client-dialog.tsx'
import { type ApiUser, type Entry, grantsOf } from './grants.ts'
import { useApiUserTexts } from './texts.ts'
import { useEntryInWords } from './use-entry-in-words.ts'

interface ApiUserDialogProps {
  me: Me
  /** The user to change; undefined for a new one. */
  user?: ApiUser
  onClose(): void
  onKey(client: ShownClient): void
}

/** Creates an API user, or changes what it may do. To be mounted while it is open. */
export function ApiUserDialog({ me, user, onClose, onKey }: ApiUserDialogProps) {
  const t = useApiUserTexts()
  const queries = useQueryClient()
  const inWords = useEntryInWords()
  const created = useRef<ShownClient>(undefined)
  const editing = useEditing<Entry>({
    loaded: user ? savedOf(user) : { values: emptyEntry(me), revision: '' },
    read: async () => savedOf(await readUser(user?.id ?? 0)),
    save: async (_changes, { values, revision }) => {
      if (user) {
        const params = { path: { id: user.id } }
        const body = { ...grantsOf(values), revision }
        return savedOf(await bodyOf(api.PATCH('/api/v1/api-users/{id}', { params, body })))
      }
      const { siteId, name, key } = values
      const body = { ...grantsOf(values), siteId, name, ...(key !== undefined && { key }) }
      const answer = await bodyOf(api.POST('/api/v1/api-users', { body }))
      created.current = { user: answer.apiUser, apiKey: answer.key }
      return savedOf(answer.apiUser)
    },
    onSaved: async ({ values: { name } }) => {
      if (created.current) onKey(created.current)
      else notifications.show({ color: 'teal', message: t('changed', { name }) })
      onClose()
      await queries.invalidateQueries({ queryKey: ['api-users'] })
    },
  })
  const { conflict } = editing
  return (
    <FormDialog
      title={user ? `${t('change')}: ${user.name}` : t('create')}
      size="lg"
      opened
      onClose={onClose}
      submit={t(user ? 'save' : 'create')}
      carryOut={{ mutate: editing.save, error: editing.error, isPending: editing.isSaving }}
      isIncomplete={conflict !== undefined}
    >
      {conflict && <ChangedMeanwhile conflict={conflict} describe={inWords} />}
      <ApiUserFields me={me} entry={editing.values} onChange={editing.set} isNew={!user} />
    </FormDialog>
  )
}

function savedOf({ siteId, name, role, permissions, services, timeZone, revision }: ApiUser): Saved<Entry> {
  return { values: { siteId, name, role, permissions, services, timeZone, key: undefined }, revision }
}

function readUser(id: number): Promise<ApiUser> {
  return bodyOf(api.GET('/api/v1/api-users/{id}', { params: { path: { id } } }))
}

function emptyEntry({ person, sites }: Me): Entry {
  const siteId = person.siteId ?? sites[0]?.id ?? 0
  return {
    siteId,
    name: '',
    role: 'user',
    permissions: ['view'],
    services: [],
    timeZone: null,
    key: undefined,
  }
}
