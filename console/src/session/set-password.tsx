import { Alert, Button, Stack } from '@mantine/core'
import { createLazyRoute, Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { PasswordInput } from '../parts/password-input.tsx'
import { setPassword } from './auth.ts'
import { Outside } from './outside.tsx'
import { useSessionTexts } from './texts.ts'

export const Route = createLazyRoute('/set-password')({ component: SetPassword })

/** The token comes after the #, so that it reaches no log. */
function SetPassword() {
  const t = useSessionTexts()
  const [password, setNew] = useState('')
  const [repeated, setRepeated] = useState('')
  const [state, setState] = useState<'open' | 'done' | 'spent' | 'unreachable'>('open')
  const go = async (event: FormEvent) => {
    event.preventDefault()
    const result = await setPassword(location.hash.slice(1), password)
    setState(result === 'done' ? 'done' : result === 'unreachable' ? 'unreachable' : 'spent')
  }
  if (state === 'done') {
    return (
      <Outside title={t('setPassword')}>
        <Stack>
          <Alert color="teal" role="status">
            {t('passwordSet')}
          </Alert>
          <Button component={Link} to="/sign-in">
            {t('signIn')}
          </Button>
        </Stack>
      </Outside>
    )
  }
  const short = password !== '' && password.length < 12
  const differ = repeated !== '' && repeated !== password
  return (
    <Outside title={t('setPassword')}>
      <form onSubmit={go}>
        <Stack>
          {state !== 'open' && (
            <Alert color="red" role="alert">
              {t(state === 'spent' ? 'linkSpent' : 'unreachable')}
            </Alert>
          )}
          <PasswordInput
            label={t('newPassword')}
            autoComplete="new-password"
            required
            error={short && t('passwordShort')}
            value={password}
            onChange={(event) => setNew(event.currentTarget.value)}
          />
          <PasswordInput
            label={t('repeatPassword')}
            autoComplete="new-password"
            required
            error={differ && t('passwordsDiffer')}
            value={repeated}
            onChange={(event) => setRepeated(event.currentTarget.value)}
          />
          <Button type="submit" disabled={password.length < 12 || password !== repeated}>
            {t('save')}
          </Button>
        </Stack>
      </form>
    </Outside>
  )
}
