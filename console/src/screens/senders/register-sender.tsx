import { Alert, Checkbox, Radio, Stack, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { useSenderTexts } from './texts.ts'

interface RegisterSenderProps {
  service: number
  opened: boolean
  onClose(): void
}

/** Registers a sender, after a warning that this is permanent. */
export function RegisterSender({ service, opened, onClose }: RegisterSenderProps) {
  const t = useSenderTexts()
  const queries = useQueryClient()
  const [address, setAddress] = useState('')
  const [kind, setKind] = useState('one-click')
  const [understood, setUnderstood] = useState(false)
  const oneClick = kind === 'one-click'
  const registration = useMutation({
    mutationFn: () =>
      api.POST('/api/v1/services/{service}/senders', {
        params: { path: { service } },
        body: { address, oneClick },
      }),
    onSuccess: async () => {
      notifications.show({ color: 'teal', message: t('registered', { address }) })
      await queries.invalidateQueries({ queryKey: ['senders', service] })
      close()
    },
  })
  const close = () => {
    setAddress('')
    setUnderstood(false)
    registration.reset()
    onClose()
  }
  return (
    <FormDialog
      title={t('register')}
      size="lg"
      opened={opened}
      onClose={close}
      submit={t('submit')}
      carryOut={registration}
      isIncomplete={oneClick && !understood}
    >
      <TextInput
        label={t('address')}
        type="email"
        required
        data-autofocus
        value={address}
        onChange={(event) => setAddress(event.currentTarget.value)}
      />
      <Radio.Group label={t('kind')} value={kind} onChange={setKind}>
        <Stack gap="xs" mt="xs">
          <Radio value="one-click" label={t('kindOneClick')} />
          <Radio value="stop-list" label={t('kindStopList')} />
        </Stack>
      </Radio.Group>
      {oneClick && (
        <Alert color="yellow" title={t('forever')}>
          <Stack gap="sm">
            {t('foreverWhy')}
            <Checkbox
              label={t('understood')}
              checked={understood}
              onChange={(event) => setUnderstood(event.currentTarget.checked)}
            />
          </Stack>
        </Alert>
      )}
    </FormDialog>
  )
}
