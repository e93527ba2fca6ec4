import { Stack, Text } from '@mantine/core'
import { ABOVE_DIALOGS, Dialog } from '../parts/dialog.tsx'
import { useMe } from './me.ts'
import { signInPrompt } from './prompt.ts'
import { SignInForm } from './sign-in-form.tsx'
import { useSessionTexts } from './texts.ts'

/** Over the page on which a session ended: what was entered there stays. */
export default function SignInAgain() {
  const t = useSessionTexts()
  const me = useMe({ enabled: false })
  return (
    <Dialog zIndex={ABOVE_DIALOGS} opened onClose={() => signInPrompt.answer(false)} title={t('signInAgain')}>
      <Stack>
        <Text size="sm">{t('signInAgainWhy')}</Text>
        <SignInForm email={me.data?.person.email ?? ''} onDone={() => signInPrompt.answer(true)} />
      </Stack>
    </Dialog>
  )
}
