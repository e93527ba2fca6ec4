import { Alert, Button, Card, Code, Stack, Text, TextInput, Title } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { renderSVG } from 'uqr'
import { PasswordInput } from '../parts/password-input.tsx'
import { beginSecondFactor, enterFirstCode, type SignedIn, turnSecondFactorOff } from './auth.ts'
import { useSessionTexts } from './texts.ts'

/** Turns the second factor on, in two steps, or off; each begins with the password. */
export function SecondFactor({ on }: { on: boolean }) {
  const t = useSessionTexts()
  const queries = useQueryClient()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [begun, setBegun] = useState<{ totpURI: string; backupCodes: string[] }>()
  const [refused, setRefused] = useState<'confirmRefused' | 'codeRefused' | 'locked' | 'unreachable'>()
  const [busy, setBusy] = useState(false)

  /** A person who was signed out meanwhile and did not sign in again has already been told by the prompt. */
  const tell = (outcome: SignedIn, wrong: 'confirmRefused' | 'codeRefused') =>
    setRefused(
      outcome === 'unreachable' || outcome === 'locked' ? outcome : outcome === 'refused' ? wrong : undefined,
    )
  const begin = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    const answer = await (on ? turnSecondFactorOff(password) : beginSecondFactor(password))
    setBusy(false)
    tell(typeof answer === 'object' ? 'done' : answer, 'confirmRefused')
    setPassword('')
    if (typeof answer === 'object') setBegun(answer)
    await queries.invalidateQueries({ queryKey: ['me'] })
  }
  const verify = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    const outcome = await enterFirstCode(code)
    setBusy(false)
    tell(outcome, 'codeRefused')
    if (outcome !== 'done') return
    setBegun(undefined)
    setCode('')
    await queries.invalidateQueries({ queryKey: ['me'] })
  }

  return (
    <Card withBorder component="section" maw={560}>
      <Title order={2} size="h4" mb="sm">
        {t('secondFactor')}
      </Title>
      <Stack>
        <Text size="sm">{t(on ? 'secondFactorOn' : 'secondFactorOff')}</Text>
        {refused && (
          <Alert color="red" role="alert">
            {t(refused)}
          </Alert>
        )}
        {begun ? (
          <form onSubmit={verify}>
            <Stack>
              <Text size="sm">{t('scan')}</Text>
              <img
                src={`data:image/svg+xml,${encodeURIComponent(renderSVG(begun.totpURI))}`}
                alt=""
                width={192}
                height={192}
              />
              <Text size="sm">
                {t('scanManually')} <Code>{new URL(begun.totpURI).searchParams.get('secret')}</Code>
              </Text>
              <Text size="sm" fw={600}>
                {t('backupCodes')}
              </Text>
              <Text size="sm">{t('backupCodesWhy')}</Text>
              <Code block>{begun.backupCodes.join('\n')}</Code>
              <TextInput
                label={t('code')}
                inputMode="numeric"
                autoComplete="one-time-code"
                required
                value={code}
                onChange={(event) => setCode(event.currentTarget.value)}
              />
              <Button type="submit" loading={busy} style={{ alignSelf: 'flex-start' }}>
                {t('turnOn')}
              </Button>
            </Stack>
          </form>
        ) : (
          <form onSubmit={begin}>
            <Stack>
              <PasswordInput
                label={t('password')}
                autoComplete="current-password"
                required
                value={password}
                onChange={(event) => setPassword(event.currentTarget.value)}
              />
              <Button
                type="submit"
                loading={busy}
                variant={on ? 'default' : 'filled'}
                style={{ alignSelf: 'flex-start' }}
              >
                {t(on ? 'turnOff' : 'turnOn')}
              </Button>
            </Stack>
          </form>
        )}
      </Stack>
    </Card>
  )
}
