import { Badge, Button, Table } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { createLazyRoute } from '@tanstack/react-router'
import { useState } from 'react'
import { api, bodyOf } from '../../api/client.ts'
import { Copyable } from '../../parts/copyable.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Rows } from '../../parts/rows.tsx'
import { Screen } from '../../parts/screen.tsx'
import { useCan } from '../../session/me.ts'
import { RegisterSender } from './register-sender.tsx'
import { SenderDns } from './sender-dns.tsx'
import { useSenderTexts } from './texts.ts'

export const Route = createLazyRoute('/inside/services/$service/senders')({ component: Senders })

function Senders() {
  const t = useSenderTexts()
  const service = Number(Route.useParams().service)
  const { cursor } = Route.useSearch()
  const mayRegister = useCan('edit')
  const [opened, { open, close }] = useDisclosure()
  const [shown, setShown] = useState<{ address: string; classId: string }>()
  const query = useQuery({
    queryKey: ['senders', service, cursor],
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/services/{service}/senders', {
          params: { path: { service }, query: { ...(cursor && { cursor }), limit: 50 } },
        }),
      ),
  })
  const register = mayRegister && <Button onClick={open}>{t('register')}</Button>
  return (
    <Screen title={t('title')} about={t('about')} actions={register}>
      <Rows
        query={query}
        minWidth={860}
        none={
          <Empty title={t('none')} action={register}>
            {t('noneWhy')}
          </Empty>
        }
        head={
          <>
            <Table.Th>{t('address')}</Table.Th>
            <Table.Th>{t('oneClick')}</Table.Th>
            <Table.Th>{t('baseUrl')}</Table.Th>
            <Table.Th>{t('headers')}</Table.Th>
            <Table.Td />
          </>
        }
      >
        {({ address, oneClick, baseUrl, classId }) => (
          <Table.Tr key={address}>
            <Table.Td>{address}</Table.Td>
            <Table.Td>
              <Badge variant="light" color={oneClick ? 'teal' : 'gray'} miw="max-content">
                {t(oneClick ? 'on' : 'stopListOnly')}
              </Badge>
            </Table.Td>
            <Table.Td>
              <Copyable value={baseUrl} name={`base_url ${address}`} />
            </Table.Td>
            <Table.Td>
              {oneClick && <Copyable value={sampleOf(baseUrl)} name={`${t('headers')} ${address}`} />}
            </Table.Td>
            <Table.Td>
              <Button
                size="xs"
                variant="default"
                aria-label={`${t('dns')}: ${address}`}
                onClick={() => setShown({ address, classId })}
              >
                {t('dns')}
              </Button>
            </Table.Td>
          </Table.Tr>
        )}
      </Rows>
      {shown && <SenderDns service={service} sender={shown} onClose={() => setShown(undefined)} />}
      <RegisterSender service={service} opened={opened} onClose={close} />
    </Screen>
  )
}

/** The header fields of a mail (RFC 8058 §3.1); the part after the list's URL differs for each recipient. */
function sampleOf(baseUrl: string): string {
  return `List-Unsubscribe: <${baseUrl}/opaque_part>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click`
}
