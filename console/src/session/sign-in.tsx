import { Button, Code, Divider, Stack, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createLazyRoute, useNavigate } from '@tanstack/react-router'
import { goToSso, hasSso } from './auth.ts'
import { Outside } from './outside.tsx'
import { SignInForm } from './sign-in-form.tsx'
import { useSessionTexts } from './texts.ts'

export const Route = createLazyRoute('/sign-in')({ component: SignIn })

function SignIn() {
  const t = useSessionTexts()
  const { next } = Route.useSearch()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const sso = useQuery({ queryKey: ['sso'], queryFn: hasSso, staleTime: Number.POSITIVE_INFINITY })
  const done = () => {
    queries.clear()
    void navigate({ href: next ?? '/', replace: true })
  }
  return (
    <Outside title={t('signIn')}>
      <Stack>
        <SignInForm onDone={done} />
        {sso.data && (
          <Button variant="default" onClick={() => void goToSso(`/console${next ?? ''}`)}>
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
