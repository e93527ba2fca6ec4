import { Button, Group, Select, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { typedAddress } from '../../parts/typed-address.ts'
import type { SubscriberSearch } from './subscriber-search.ts'
import { useSubscriberTexts } from './texts.ts'

export function SearchBar({ search }: { search: SubscriberSearch }) {
  const t = useSubscriberTexts()
  const navigate = useNavigate()
  const [contains, setContains] = useState(search.contains ?? '')
  const [userId, setUserId] = useState(search.userId ?? '')
  const part = typedAddress(contains)
  const go = (membership: string | undefined) =>
    void navigate({
      to: '.',
      search: {
        ...(part && { contains: part }),
        ...(userId.trim() && { userId: userId.trim() }),
        ...(membership && { membership }),
      },
    } as never)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    go(search.membership)
  }
  return (
    <search>
      <form onSubmit={submit}>
        <Group align="flex-end" gap="sm">
          <TextInput
            label={t('search')}
            type="search"
            value={contains}
            onChange={(event) => setContains(event.currentTarget.value)}
          />
          <TextInput
            label={t('searchUserId')}
            type="search"
            value={userId}
            onChange={(event) => setUserId(event.currentTarget.value)}
          />
          <Select
            label={t('membership')}
            allowDeselect={false}
            value={search.membership ?? 'all'}
            onChange={(chosen) => go(chosen === 'all' ? undefined : (chosen ?? undefined))}
            data={[
              { value: 'all', label: t('all') },
              { value: 'joined', label: t('joined') },
              { value: 'left', label: t('left') },
            ]}
          />
          <Button type="submit" variant="default">
            {t('searchGo')}
          </Button>
        </Group>
      </form>
    </search>
  )
}
