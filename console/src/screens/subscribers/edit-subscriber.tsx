import { Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, bodyOf } from '../../api/client.ts'
import { Failure } from '../../parts/failure.tsx'
import { Agreements } from './agreements.tsx'
import { type Choices, MembershipChoices } from './membership-choices.tsx'
import { type Subscriber, toData, toFields } from './subscriber-data.ts'
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
  const [fields, setFields] = useState(() => toFields(subscriber))
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
  const change = useMutation({
    mutationFn: async () => {
      const known = new Set(data?.items.filter(({ membership }) => membership).map((item) => item.service.id))
      const { [service]: own, ...others } = choices
      const edit = (id: number, body: object) =>
        bodyOf(
          api.POST('/api/v1/services/{service}/subscribers/edit', {
            params: { path: { service: id } },
            body: { address, ...body },
          }),
        )
      const join = (id: number) =>
        bodyOf(
          api.POST('/api/v1/services/{service}/subscribers', {
            params: { path: { service: id } },
            body: { address },
          }),
        )
      let { lifted } = await edit(service, {
        ...toData(fields, subscriber.attributes),
        ...(own && { membership: own }),
      })
      for (const [id, membership] of Object.entries(others)) {
        const changed = known.has(Number(id))
          ? await edit(Number(id), { membership })
          : await join(Number(id))
        lifted += changed.lifted
      }
      return lifted
    },
    onSuccess: (lifted) => {
      notifications.show({ color: 'teal', message: t('updated', { address, lifted }) })
      onClose()
    },
    // Of several services the first may be done when a later one is refused.
    onSettled: () =>
      Promise.all(
        ['subscribers', 'memberships', 'suppressions'].map((key) =>
          queries.invalidateQueries({ queryKey: [key] }),
        ),
      ),
  })
  const go = (event: FormEvent) => {
    event.preventDefault()
    change.mutate()
  }
  return (
    <form onSubmit={go}>
      <Stack>
        {change.error && <Failure error={change.error} />}
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
          {address}
        </Text>
        {error && <Failure error={error} />}
        {!data && !error && <Skeleton h={120} />}
        {data && <MembershipChoices services={data.items} choices={choices} onChange={setChoices} />}
        <SubscriberFieldInputs fields={fields} onChange={setFields} />
        <Agreements service={service} address={address} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={change.isPending} disabled={!data}>
            {t('update')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
