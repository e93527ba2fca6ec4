import { useSyncExternalStore } from 'react'

/** Asks the person something in the middle of a request; several requests share one answer. */
interface Prompt {
  ask(): Promise<boolean>
  /** Hooks: whether it is open, and how to answer it. */
  useOpen(): boolean
  answer(done: boolean): void
}

function createPrompt(): Prompt {
  const listeners = new Set<() => void>()
  let asked: { promise: Promise<boolean>; answer(done: boolean): void } | undefined
  const changed = () => {
    for (const listener of listeners) listener()
  }
  return {
    ask: () => {
      if (!asked) {
        const { promise, resolve } = Promise.withResolvers<boolean>()
        asked = { promise, answer: resolve }
        changed()
      }
      return asked.promise
    },
    useOpen: () =>
      useSyncExternalStore(
        (listener) => {
          listeners.add(listener)
          return () => listeners.delete(listener)
        },
        () => asked !== undefined,
      ),
    answer: (done) => {
      asked?.answer(done)
      asked = undefined
      changed()
    },
  }
}

export const passwordPrompt = createPrompt()
export const signInPrompt = createPrompt()

export const askForPassword = passwordPrompt.ask

/** On the pages before a sign-in there is nobody to ask. */
export function askToSignIn(): Promise<boolean> {
  return /^\/console\/(sign-in|set-password)/.test(location.pathname)
    ? Promise.resolve(false)
    : signInPrompt.ask()
}
