import '@mantine/core/styles/Tabs.css'
import { Alert, Button, Group, Select, Stack, Tabs, Text } from '@mantine/core'
import { useState } from 'react'
import { Copyable } from '../../parts/copyable.tsx'
import { Dialog, NOT_BY_CHANCE } from '../../parts/dialog.tsx'
import type { Me } from '../../session/me.ts'
import { type Client, INTERFACES, type InterfaceName, settingsOf } from './client-settings.ts'
import { type ApiUser, mayDo } from './grants.ts'
import { useApiUserTexts } from './texts.ts'

export interface ShownClient {
  user: ApiUser
  /** The key that was just made: it can be shown only this once. */
  apiKey: string | null
}

interface ClientDialogProps {
  me: Me
  client: ShownClient | undefined
  onClose(): void
}

/** The settings that a program needs for each of the interfaces, including the key right after it was made. */
export function ClientDialog({ me, client, onClose }: ClientDialogProps) {
  const t = useApiUserTexts()
  const isShownOnce = client !== undefined && client.apiKey !== null
  return (
    <Dialog
      opened={client !== undefined}
      onClose={onClose}
      title={client && `${t(client.apiKey === null ? 'connect' : 'newKey')}: ${client.user.name}`}
      size="xl"
      {...(isShownOnce && NOT_BY_CHANCE)}
    >
      {client && (
        <Stack>
          {client.apiKey !== null && (
            <Alert color="yellow" title={t('keyOnce')}>
              <Stack gap="xs">
                {t('keyOnceWhy')}
                <Copyable value={client.apiKey} name={t('key')} />
              </Stack>
            </Alert>
          )}
          <Interfaces me={me} client={client} />
          <Group justify="flex-end">
            <Button onClick={onClose}>{t('close')}</Button>
          </Group>
        </Stack>
      )}
    </Dialog>
  )
}

function Interfaces({ me, client: { user, apiKey } }: { me: Me; client: ShownClient }) {
  const t = useApiUserTexts()
  const usable = me.services.filter(
    ({ siteId, name }) =>
      siteId === user.siteId && (user.services.length === 0 || user.services.includes(name)),
  )
  const [chosen, setChosen] = useState<string | null>(String(usable[0]?.id ?? ''))
  const service = usable.find(({ id }) => String(id) === chosen)
  if (!service) return <Text size="sm">{t('noService')}</Text>
  const client: Client = {
    origin: window.location.origin,
    user: user.name,
    apiKey: apiKey ?? undefined,
    siteId: user.siteId,
    service,
    isOneOfSeveral: usable.length > 1,
  }
  return (
    <>
      {usable.length > 1 && (
        <Select
          label={t('forService')}
          allowDeselect={false}
          value={chosen}
          onChange={setChosen}
          data={usable.map(({ id, name }) => ({ value: String(id), label: name }))}
        />
      )}
      <Tabs defaultValue={INTERFACES[0]} keepMounted={false}>
        <Tabs.List aria-label={t('interfaces')}>
          {INTERFACES.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`interface_${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {INTERFACES.map((name) => (
          <Tabs.Panel key={name} value={name} pt="sm">
            <Stack gap="sm">
              <Text size="sm">{t(`interfaceWhy_${name}`)}</Text>
              {name === 'smtp' && !mayDo(user, 'send') && <Alert color="red">{t('mayNotSend')}</Alert>}
              <Settings name={name} client={client} />
            </Stack>
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  )
}

function Settings({ name, client }: { name: InterfaceName; client: Client }) {
  const t = useApiUserTexts()
  return (
    <dl style={{ margin: 0 }}>
      {settingsOf(name, client).map(({ name: setting, value }) => (
        <div key={setting}>
          <Text component="dt" size="xs" c="dimmed" mt="xs">
            {t(`setting_${setting}`)}
          </Text>
          <dd style={{ margin: 0 }}>
            {value === undefined ? (
              <Text size="sm">{t('keyKnownToYou')}</Text>
            ) : (
              <Copyable value={value} name={t(`setting_${setting}`)} />
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
