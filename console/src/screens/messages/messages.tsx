import { Button, Group, TextInput } from '@mantine/core'
import { createLazyRoute, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { DownloadMessages } from '../../messages/download-messages.tsx'
import { DaysFilter, ListFilter, SenderFilter, StateFilter } from '../../messages/filters.tsx'
import { FoundMessages } from '../../messages/found-messages.tsx'
import { messageFilter } from '../../messages/message-filter.ts'
import { addressFragment, useAddressFragment } from '../../parts/address-fragment.ts'
import { Screen } from '../../parts/screen.tsx'
import { typedAddress } from '../../parts/typed-address.ts'
import { useCan } from '../../session/me.ts'
import { useMessageSearchTexts } from './texts.ts'

export const Route = createLazyRoute('/inside/services/$service/messages')({ component: Messages })

/** Searches the mails of all deliveries. */
function Messages() {
  const t = useMessageSearchTexts()
  const service = Number(Route.useParams().service)
  const search = Route.useSearch()
  const recipient = useAddressFragment()
  const mayDownload = useCan('download')
  const filter = messageFilter(search, { recipient })
  return (
    <Screen
      title={t('title')}
      about={t('about')}
      actions={mayDownload && <DownloadMessages service={service} filter={filter} />}
    >
      <search>
        <Group align="flex-end" gap="sm">
          <RecipientForm key={recipient} recipient={recipient ?? ''} />
          <StateFilter search={search} />
          <SenderFilter service={service} search={search} />
          <ListFilter service={service} search={search} />
          <DaysFilter search={search} />
        </Group>
      </search>
      <FoundMessages service={service} filter={filter} cursor={search.cursor} />
    </Screen>
  )
}

function RecipientForm({ recipient }: { recipient: string }) {
  const t = useMessageSearchTexts()
  const navigate = useNavigate()
  const [typed, setTyped] = useState(recipient)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const wanted = typedAddress(typed)
    void navigate({
      to: '.',
      search: (before: object) => ({ ...before, cursor: undefined }),
      hash: wanted === '' ? '' : addressFragment(wanted),
    } as never)
  }
  return (
    <form onSubmit={submit}>
      <Group align="flex-end" gap="xs">
        <TextInput
          label={t('recipient')}
          inputMode="email"
          autoComplete="off"
          spellCheck={false}
          w={240}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit" variant="default">
          {t('search')}
        </Button>
      </Group>
    </form>
  )
}
