import { Alert, Button, Card, Stack, Title } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { PasswordInput } from '../parts/password-input.tsx'
import { changePassword, type SignedIn } from './auth.ts'
import { useSessionTexts } from './texts.ts'

export function ChangePassword() {
  const t = useSessionTexts()
  const [current, setCurrent] = useState('')
  const [fresh, setFresh] = useState('')
  const [outcome, setOutcome] = useState<SignedIn>()
  const [busy, setBusy] = useState(false)
  const go = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    const result = await changePassword(current, fresh)
    setBusy(false)
    // A person who did not sign in again has already been told by the prompt.
    setOutcome(result === 'over' ? undefined : result)
    if (result !== 'done') return
    setCurrent('')
    setFresh('')
  }
  return (
    <Card withBorder component="section" maw={560}>
      <Title order={2} size="h4" mb="sm">
        {t('changePassword')}
      </Title>
      <form onSubmit={go}>
        <Stack>
          {outcome === 'done' && (
            <Alert color="teal" role="status">
              {t('passwordChanged')}
            </Alert>
          )}
          {outcome !== undefined && outcome !== 'done' && (
            <Alert color="red" role="alert">
              {t(outcome === 'unreachable' ? 'unreachable' : 'confirmRefused')}
            </Alert>
          )}
          <PasswordInput
            label={t('currentPassword')}
            autoComplete="current-password"
            required
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
          <PasswordInput
            label={t('newPassword')}
            autoComplete="new-password"
            required
            error={fresh !== '' && fresh.length < 12 && t('passwordShort')}
            value={fresh}
            onChange={(event) => setFresh(event.currentTarget.value)}
          />
          <Button
            type="submit"
            loading={busy}
            disabled={fresh.length < 12}
            style={{ alignSelf: 'flex-start' }}
          >
            {t('save')}
          </Button>
        </Stack>
      </form>
    </Card>
  )
}
