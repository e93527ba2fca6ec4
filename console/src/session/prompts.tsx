import { lazy, Suspense } from 'react'
import { passwordPrompt, signInPrompt } from './prompt.ts'

const ConfirmPassword = lazy(() => import('./confirm-password.tsx'))
const SignInAgain = lazy(() => import('./sign-in-again.tsx'))

/** What may be asked of the person in the middle of anything; loaded when it is asked for the first time. */
export function Prompts() {
  const confirming = passwordPrompt.useOpen()
  const signingIn = signInPrompt.useOpen()
  return (
    <Suspense>
      {confirming && <ConfirmPassword />}
      {signingIn && <SignInAgain />}
    </Suspense>
  )
}
