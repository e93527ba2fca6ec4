import { Alert, Anchor, Button, Divider, Group, Stack, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ABOVE_DIALOGS, Dialog } from '../parts/dialog.tsx'
import { hasSso, signedInPerson } from './auth.ts'
import { useMe } from './me.ts'
import { signInPrompt } from './prompt.ts'
import { SignInForm } from './sign-in-form.tsx'
import { useSessionTexts } from './texts.ts'

/** Covers the page on which a session ended: what was entered there is kept. */
export default function SignInAgain() {
  const t = useSessionTexts()
  const me = useMe({ enabled: false })
  const queries = useQueryClient()
  const done = () => {
    signInPrompt.answer(true)
    void queries.invalidateQueries({ queryKey: ['me'] })
  }
  const sso = useQuery({ queryKey: ['sso'], queryFn: hasSso, staleTime: Number.POSITIVE_INFINITY })
  return (
    <Dialog zIndex={ABOVE_DIALOGS} opened onClose={() => signInPrompt.answer(false)} title={t('signInAgain')}>
      <Stack>
        <Text size="sm">{t('signInAgainWhy')}</Text>
        <SignInForm email={me.data?.person.email} onDone={done} />
        {sso.data && <ByProvider person={me.data?.person.id} onDone={done} />}
        <Anchor href="/console/sign-in" size="sm">
          {t('signInAsOther')}
        </Anchor>
      </Stack>
    </Dialog>
  )
}

/** The single sign-on leads away from a page, so it is opened beside this one. It must sign in the same person. */
function ByProvider({ person, onDone }: { person: string | undefined; onDone(): void }) {
  const t = useSessionTexts()
  const [mistake, setMistake] = useState<'ssoNotYet' | 'ssoOther'>()
  const look = async () => {
    const found = await signedInPerson()
    if (found === undefined) return setMistake('ssoNotYet')
    if (person !== undefined && found !== person) return setMistake('ssoOther')
    onDone()
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
      {mistake && (
        <Alert color="red" role="alert">
          {t(mistake)}
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
