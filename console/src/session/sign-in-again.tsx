import { Alert, Anchor, Button, Divider, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ABOVE_DIALOGS, Dialog } from '../parts/dialog.tsx'
import { hasSso, isSignedIn } from './auth.ts'
import { useMe } from './me.ts'
import { signInPrompt } from './prompt.ts'
import { SignInForm } from './sign-in-form.tsx'
import { useSessionTexts } from './texts.ts'

/** Over the page on which a session ended: what was entered there stays. */
export default function SignInAgain() {
  const t = useSessionTexts()
  const me = useMe({ enabled: false })
  const sso = useQuery({ queryKey: ['sso'], queryFn: hasSso, staleTime: Number.POSITIVE_INFINITY })
  return (
    <Dialog zIndex={ABOVE_DIALOGS} opened onClose={() => signInPrompt.answer(false)} title={t('signInAgain')}>
      <Stack>
        <Text size="sm">{t('signInAgainWhy')}</Text>
        <SignInForm email={me.data?.person.email ?? ''} onDone={() => signInPrompt.answer(true)} />
        {sso.data && <ByProvider />}
      </Stack>
    </Dialog>
  )
}

/** The single sign-on leads away from a page, so that it is gone to beside this one. */
function ByProvider() {
  const t = useSessionTexts()
  const [missing, setMissing] = useState(false)
  const look = async () => {
    const there = await isSignedIn()
    setMissing(!there)
    if (there) signInPrompt.answer(true)
  }
  return (
    <>
      <Divider />
      <Text size="sm">
        <Anchor href="/console/sign-in" target="_blank" inherit>
          {t('ssoBeside')}
        </Anchor>{' '}
        {t('ssoBesideWhy')}
      </Text>
      {missing && (
        <Alert color="red" role="alert">
          {t('ssoNotYet')}
        </Alert>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={look}>
          {t('ssoGoOn')}
        </Button>
      </Group>
    </>
  )
}
