import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { api } from '../api/client.ts'
import { ABOVE_DIALOGS, Dialog } from '../parts/dialog.tsx'
import { PasswordInput } from '../parts/password-input.tsx'
import { passwordPrompt } from './prompt.ts'
import { useSessionTexts } from './texts.ts'

/** Asks for the password again before what is dangerous; the request that needed it waits and goes on. */
export default function ConfirmPassword() {
  const t = useSessionTexts()
  const [password, setPassword] = useState('')
  const [refused, setRefused] = useState(false)
  const close = (done: boolean) => {
    setPassword('')
    setRefused(false)
    passwordPrompt.answer(done)
  }
  const go = async (event: FormEvent) => {
    event.preventDefault()
    try {
      await api.POST('/api/v1/me/confirm', { body: { password } })
      close(true)
    } catch {
      setRefused(true)
    }
  }
  return (
    <Dialog zIndex={ABOVE_DIALOGS} opened onClose={() => close(false)} title={t('confirmTitle')}>
      <form onSubmit={go}>
        <Stack>
          <Text size="sm">{t('confirmWhy')}</Text>
          {refused && (
            <Alert color="red" role="alert">
              {t('confirmRefused')}
            </Alert>
          )}
          <PasswordInput
            label={t('password')}
            autoComplete="current-password"
            required
            data-autofocus
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => close(false)}>
              {t('cancel')}
            </Button>
            <Button type="submit">{t('continue')}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
