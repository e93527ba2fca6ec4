import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { difference, isConflict, type Saved } from './use-editing.ts'

interface HeldActionParts<T> {
  /** What it is done to, as the person saw it. */
  seen: Saved<T>
  /** What the server has at the moment. */
  read(): Promise<Saved<T>>
  /** Carries it out, held to the revision. */
  act(revision: string): Promise<unknown>
  onDone?(): unknown
}

export interface HeldAction<T> {
  run(): void
  isPending: boolean
  /** Why it was not done, unless somebody changed the thing meanwhile. */
  error: Error | null
  conflict: HeldConflict<T> | undefined
}

export interface HeldConflict<T> {
  /** What somebody else changed, as it is now. */
  theirs: Partial<T>
  /** Does it all the same, to the thing as it was shown now. */
  proceed(): void
}

/** Does something to what others may edit too, such as deleting it: whoever has not seen their change is told of it, and decides. */
export function useHeldAction<T extends object>({
  seen: first,
  read,
  act,
  onDone,
}: HeldActionParts<T>): HeldAction<T> {
  const [seen, setSeen] = useState(first)
  const [theirs, setTheirs] = useState<Saved<T>>()
  const acting = useMutation({
    mutationFn: async (revision: string) => {
      try {
        await act(revision)
      } catch (error) {
        if (isConflict(error)) setTheirs(await read())
        throw error
      }
    },
    onSuccess: () => onDone?.(),
  })
  return {
    run: () => acting.mutate(seen.revision),
    isPending: acting.isPending,
    error: theirs && isConflict(acting.error) ? null : acting.error,
    conflict: theirs && {
      theirs: difference(seen.values, theirs.values),
      proceed: () => {
        setSeen(theirs)
        setTheirs(undefined)
        acting.mutate(theirs.revision)
      },
    },
  }
}
