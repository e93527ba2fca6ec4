import { lazy, Suspense } from 'react'
import { passwordPrompt, signInPrompt } from './prompt.ts'

const ConfirmPassword = lazy(() => import('./confirm-password.tsx'))
const SignInAgain = lazy(() => import('./sign-in-again.tsx'))

/** The prompts that can appear in the middle of anything; loaded when the first one is needed. */
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
