import { Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { api, bodyOf } from '../../api/client.ts'
import { ChangedMeanwhile } from '../../editing/changed-meanwhile.tsx'
import { type Saved, useEditing } from '../../editing/use-editing.ts'
import { Failure } from '../../parts/failure.tsx'
import { Agreements } from './agreements.tsx'
import { type Choices, MembershipChoices } from './membership-choices.tsx'
import { type Subscriber, type SubscriberFields, toData, toFields } from './subscriber-data.ts'
import { SubscriberFieldInputs } from './subscriber-fields.tsx'
import { useSubscriberTexts } from './texts.ts'

interface EditSubscriberProps {
  service: number
  subscriber: Subscriber
  onClose(): void
}

/** エンドユーザーデータ編集 of seed 000. */
export function EditSubscriber({ service, subscriber, onClose }: EditSubscriberProps) {
  const t = useSubscriberTexts()
  const queries = useQueryClient()
  const { address } = subscriber
  const [choices, setChoices] = useState<Choices>({})
  const { data, error } = useQuery({
    queryKey: ['memberships', service, address],
    queryFn: () =>
      bodyOf(
        api.POST('/api/v1/services/{service}/subscribers/memberships', {
          params: { path: { service } },
          body: { address },
        }),
      ),
  })
  const lifted = useRef(0)
  const editing = useEditing<SubscriberFields>({
    loaded: savedOf(subscriber),
    read: async () =>
      savedOf(
        await bodyOf(
          api.POST('/api/v1/services/{service}/subscribers/read', {
            params: { path: { service } },
            body: { address },
          }),
        ),
      ),
    save: async (changes, { values, revision }) => {
      const { userIds, attributes } = toData(values, subscriber.attributes)
      const { [service]: own, ...others } = choices
      const edited = await editOne(service, address, {
        ...(changes.userIds !== undefined && { userIds }),
        ...(changes.attributes && { attributes }),
        ...(own && { membership: own }),
        revision,
      })
      lifted.current = edited.lifted
      const known = new Set(data?.items.filter(({ membership }) => membership).map((item) => item.service.id))
      for (const [id, membership] of Object.entries(others)) {
        const changed = known.has(Number(id))
          ? await editOne(Number(id), address, { membership })
          : await join(Number(id), address)
        lifted.current += changed.lifted
      }
      return savedOf(edited)
    },
    onSaved: async () => {
      await refresh()
      notifications.show({ color: 'teal', message: t('updated', { address, lifted: lifted.current }) })
      onClose()
    },
  })
  // With several services, the first ones may be done when a later one is refused.
  const refresh = () =>
    Promise.all(
      ['subscribers', 'memberships', 'suppressions'].map((key) =>
        queries.invalidateQueries({ queryKey: [key] }),
      ),
    )
  const { conflict } = editing
  const go = (event: FormEvent) => {
    event.preventDefault()
    editing.save()
  }
  return (
    <form onSubmit={go}>
      <Stack>
        {editing.error && <Failure error={editing.error} />}
        {conflict && (
          <ChangedMeanwhile
            conflict={conflict}
            describe={(key, value) => ({ name: t(key), value: inWords(value as Values) })}
          />
        )}
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
          {address}
        </Text>
        {error && <Failure error={error} />}
        {!data && !error && <Skeleton h={120} />}
        {data && <MembershipChoices services={data.items} choices={choices} onChange={setChoices} />}
        <SubscriberFieldInputs fields={editing.values} onChange={editing.set} />
        <Agreements service={service} address={address} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={editing.isSaving} disabled={!data || conflict !== undefined}>
            {t('update')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

type Values = SubscriberFields[keyof SubscriberFields]

function inWords(value: Values): string {
  if (typeof value === 'string') return value.split('\n').join(', ')
  return value.map(({ name, value: given }) => `${name}: ${given}`).join(', ')
}

function savedOf(subscriber: Subscriber): Saved<SubscriberFields> {
  return { values: toFields(subscriber), revision: subscriber.revision }
}

interface Edit {
  userIds?: string[]
  attributes?: Subscriber['attributes']
  membership?: 'joined' | 'left'
  revision?: string
}

function editOne(service: number, address: string, edit: Edit) {
  return bodyOf(
    api.POST('/api/v1/services/{service}/subscribers/edit', {
      params: { path: { service } },
      body: { address, ...edit },
    }),
  )
}

function join(service: number, address: string) {
  return bodyOf(
    api.POST('/api/v1/services/{service}/subscribers', { params: { path: { service } }, body: { address } }),
  )
}
