import { Button, Group, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'
import { createLazyRoute, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { addressFragment, useAddressFragment } from '../../parts/address-fragment.ts'
import { Empty } from '../../parts/empty.tsx'
import { Screen } from '../../parts/screen.tsx'
import { typedAddress } from '../../parts/typed-address.ts'
import { ErrorCount } from './error-count.tsx'
import { LatestMessages } from './latest-messages.tsx'
import { ListState } from './list-state.tsx'
import { SubscriberCard } from './subscriber-card.tsx'
import { useAddressTexts } from './texts.ts'

export const Route = createLazyRoute('/inside/services/$service/address')({ component: OneAddress })

/** Everything known about one address, and what can be done for its owner. */
function OneAddress() {
  const t = useAddressTexts()
  const service = Number(Route.useParams().service)
  const address = useAddressFragment()
  return (
    <Screen
      title={t('title')}
      about={t('about')}
      actions={
        address !== undefined && (
          <Button
            variant="default"
            leftSection={<IconPrinter size={16} aria-hidden />}
            onClick={() => window.print()}
          >
            {t('print')}
          </Button>
        )
      }
    >
      <AddressForm key={address} address={address ?? ''} />
      {address === undefined ? (
        <Empty title={t('empty')}>{t('emptyWhy')}</Empty>
      ) : (
        <Stack key={`${service} ${address}`} gap="lg">
          <ListState service={service} address={address}>
            <SimpleGrid cols={{ base: 1, md: 2 }}>
              <ErrorCount service={service} address={address} />
              <SubscriberCard service={service} address={address} />
            </SimpleGrid>
            <LatestMessages service={service} address={address} />
          </ListState>
        </Stack>
      )}
    </Screen>
  )
}

function AddressForm({ address }: { address: string }) {
  const t = useAddressTexts()
  const navigate = useNavigate()
  const [typed, setTyped] = useState(address)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void navigate({ to: '.', search: {}, hash: addressFragment(typedAddress(typed)) } as never)
  }
  return (
    <search>
      <form onSubmit={submit}>
        <Group align="flex-end" gap="sm">
          <TextInput
            label={t('address')}
            inputMode="email"
            autoComplete="off"
            spellCheck={false}
            required
            flex="1 1 220px"
            maw={420}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Button type="submit">{t('show')}</Button>
        </Group>
      </form>
    </search>
  )
}
