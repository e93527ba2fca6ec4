import { Alert, Button, Code, Divider, Stack, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createLazyRoute, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { goToSso, hasSso } from './auth.ts'
import { takeNextPage } from './next-page.ts'
import { Outside } from './outside.tsx'
import { SignInForm } from './sign-in-form.tsx'
import { useSessionTexts } from './texts.ts'

export const Route = createLazyRoute('/sign-in')({ component: SignIn })

/** Why the single sign-on did not sign somebody in. */
const SSO_ERRORS: Record<string, 'ssoUnknown' | 'ssoUnreachable' | 'ssoRefused'> = {
  signup_disabled: 'ssoUnknown',
  person_disabled: 'ssoUnknown',
  access_denied: 'ssoRefused',
  provider_unavailable: 'ssoUnreachable',
}

function SignIn() {
  const t = useSessionTexts()
  const { error } = Route.useSearch()
  const [unreachable, setUnreachable] = useState(false)
  const navigate = useNavigate()
  const queries = useQueryClient()
  const sso = useQuery({ queryKey: ['sso'], queryFn: hasSso, staleTime: Number.POSITIVE_INFINITY })
  const done = () => {
    queries.clear()
    void navigate({ href: takeNextPage(), replace: true })
  }
  const toSso = async () => setUnreachable(!(await goToSso()))
  return (
    <Outside title={t('signIn')}>
      <Stack>
        {(error || unreachable) && (
          <Alert color="red" role="alert">
            {t(unreachable ? 'ssoUnreachable' : (SSO_ERRORS[error ?? ''] ?? 'ssoFailed'))}
          </Alert>
        )}
        <SignInForm onDone={done} />
        {sso.data && (
          <Button variant="default" onClick={toSso}>
            {t('sso')}
          </Button>
        )}
        <Divider />
        <Text size="sm" c="dimmed">
          {t('noPerson')}
        </Text>
        <Code block>npm run kaijo -- user add you@example.com</Code>
      </Stack>
    </Outside>
  )
}
