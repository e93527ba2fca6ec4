import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { api } from '../api/client.ts'
import { Refusal } from '../api/refusal.ts'
import { ABOVE_DIALOGS, Dialog } from '../parts/dialog.tsx'
import { Failure } from '../parts/failure.tsx'
import { PasswordInput } from '../parts/password-input.tsx'
import { passwordPrompt } from './prompt.ts'
import { useSessionTexts } from './texts.ts'

/** Asks for the password again before a dangerous action; the request that needs it waits, then goes on. */
export default function ConfirmPassword() {
  const t = useSessionTexts()
  const [password, setPassword] = useState('')
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const close = (done: boolean) => {
    setPassword('')
    setError(undefined)
    passwordPrompt.answer(done)
  }
  const go = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      await api.POST('/api/v1/me/confirm', { body: { password } })
      close(true)
    } catch (caught) {
      setError(caught)
    }
    setBusy(false)
  }
  return (
    <Dialog zIndex={ABOVE_DIALOGS} opened onClose={() => close(false)} title={t('confirmTitle')}>
      <form onSubmit={go}>
        <Stack>
          <Text size="sm">{t('confirmWhy')}</Text>
          {isWrong(error) ? (
            <Alert color="red" role="alert">
              {t('confirmRefused')}
            </Alert>
          ) : (
            error !== undefined && <Failure error={error} />
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
            <Button type="submit" loading={busy}>
              {t('continue')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

function isWrong(error: unknown): boolean {
  return error instanceof Refusal && error.mistakes.some(({ field }) => field === 'password')
}
