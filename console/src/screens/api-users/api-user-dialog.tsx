import { Alert, Button, Group, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, bodyOf } from '../../api/client.ts'
import { Refusal } from '../../api/refusal.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/failure.tsx'
import type { Me } from '../../session/me.ts'
import { ApiUserFields } from './api-user-fields.tsx'
import type { ShownClient } from './client-dialog.tsx'
import { type ApiUser, type Entry, grantsOf } from './grants.ts'
import { RightsOf } from './rights-of.tsx'
import { useApiUserTexts } from './texts.ts'

interface ApiUserDialogProps {
  me: Me
  /** Who is changed; nobody is a new one. */
  user?: ApiUser
  onClose(): void
  onKey(client: ShownClient): void
}

/** Creates an API user, or changes what one may do. To be mounted while it is open. */
export function ApiUserDialog({ me, user, onClose, onKey }: ApiUserDialogProps) {
  const t = useApiUserTexts()
  const queries = useQueryClient()
  /** The user as somebody else left it meanwhile. */
  const [changed, setChanged] = useState<ApiUser>()
  const [entry, setEntry] = useState<Entry>(() => (user ? { ...user, key: undefined } : emptyEntry(me)))
  const saving = useMutation({
    mutationFn: async () => {
      if (user) {
        const params = { path: { id: user.id } }
        const { revision } = changed ?? user
        await api.PATCH('/api/v1/api-users/{id}', { params, body: { ...grantsOf(entry), revision } })
        return undefined
      }
      const { siteId, name, key } = entry
      const body = { ...grantsOf(entry), siteId, name, ...(key !== undefined && { key }) }
      return bodyOf(api.POST('/api/v1/api-users', { body }))
    },
    onError: async (error) => {
      if (!user || !isStale(error)) return
      const params = { path: { id: user.id } }
      setChanged(await bodyOf(api.GET('/api/v1/api-users/{id}', { params })))
    },
    onSuccess: async (created) => {
      if (created) onKey({ user: created.apiUser, apiKey: created.key })
      else notifications.show({ color: 'teal', message: t('changed', { name: entry.name }) })
      onClose()
      await queries.invalidateQueries({ queryKey: ['api-users'] })
    },
  })
  const go = (event: FormEvent) => {
    event.preventDefault()
    saving.mutate()
  }
  return (
    <Dialog opened onClose={onClose} title={user ? `${t('change')}: ${user.name}` : t('create')} size="lg">
      <form onSubmit={go}>
        <Stack>
          {saving.error && !isStale(saving.error) && <Failure error={saving.error} />}
          {changed && (
            <Alert color="yellow" role="alert" title={t('changedMeanwhile')}>
              {t('changedMeanwhileWhy')} <RightsOf user={changed} />
            </Alert>
          )}
          <ApiUserFields me={me} entry={entry} onChange={setEntry} isNew={!user} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={saving.isPending}>
              {t(user ? 'save' : 'create')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

function isStale(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'changed-meanwhile'
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
