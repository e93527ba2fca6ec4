import { Alert, Anchor, Button, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { PasswordInput } from '../parts/password-input.tsx'
import { enterBackupCode, enterCode, type SignedIn, signIn } from './auth.ts'
import { useSessionTexts } from './texts.ts'

/**
 * Password first, then a second factor where the person has one. `onDone` is called once they are signed in. Where
 * `email` is given, only that person can sign in.
 */
export function SignInForm({ onDone, email: given }: { onDone(): void; email?: string | undefined }) {
  const t = useSessionTexts()
  const [step, setStep] = useState<'password' | 'code' | 'backup-code'>('password')
  const [email, setEmail] = useState(given ?? '')
  const [secret, setSecret] = useState('')
  const [outcome, setOutcome] = useState<SignedIn>()
  const [busy, setBusy] = useState(false)

  const go = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    const attempts = {
      password: () => signIn(email, secret),
      code: () => enterCode(secret),
      'backup-code': () => enterBackupCode(secret),
    }
    const result = await attempts[step]()
    setBusy(false)
    setOutcome(result)
    if (result === 'second-factor') {
      setStep('code')
      setSecret('')
    }
    // The password stays valid for a few minutes and five codes; then it has to be entered again.
    if (result === 'over') {
      setStep('password')
      setSecret('')
    }
    if (result === 'done') onDone()
  }
  const change = (next: typeof step) => () => {
    setStep(next)
    setSecret('')
    setOutcome(undefined)
  }

  return (
    <form onSubmit={go}>
      <Stack>
        {outcome === 'refused' && (
          <Alert color="red" role="alert">
            {t(step === 'password' ? 'refused' : 'codeRefused')}
          </Alert>
        )}
        {(outcome === 'unreachable' || outcome === 'over' || outcome === 'locked') && (
          <Alert color="red" role="alert">
            {t(outcome)}
          </Alert>
        )}
        {step === 'password' && (
          <>
            <TextInput
              label={t('email')}
              type="email"
              autoComplete="username"
              required
              readOnly={given !== undefined}
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <PasswordInput
              label={t('password')}
              autoComplete="current-password"
              required
              value={secret}
              onChange={(event) => setSecret(event.currentTarget.value)}
            />
          </>
        )}
        {step !== 'password' && (
          <>
            {step === 'code' && <Text size="sm">{t('codeWhy')}</Text>}
            <TextInput
              label={t(step === 'code' ? 'code' : 'backupCodeLabel')}
              inputMode={step === 'code' ? 'numeric' : 'text'}
              autoComplete="one-time-code"
              required
              autoFocus
              value={secret}
              onChange={(event) => setSecret(event.currentTarget.value)}
            />
            <Anchor
              component="button"
              type="button"
              size="sm"
              onClick={change(step === 'code' ? 'backup-code' : 'code')}
            >
              {t(step === 'code' ? 'backupCode' : 'useCode')}
            </Anchor>
          </>
        )}
        <Button type="submit" loading={busy}>
          {t(step === 'password' ? 'signIn' : 'continue')}
        </Button>
      </Stack>
    </form>
  )
}
