import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { difference, isConflict, type Saved } from './use-editing.ts'

interface HeldActionParts<T, W> {
  /** What the action applies to, as the person sees it. */
  seen: Saved<T>
  /** Reads the server's current state. */
  read(): Promise<Saved<T>>
  /** Carries the action out, on condition that the revision is still the one that was seen. */
  act(seen: Saved<T>, wanted: W): Promise<unknown>
  onDone?(): unknown
}

export interface HeldAction<T, W> {
  run(wanted: W): void
  isPending: boolean
  /** Why it was not done, unless the reason is that somebody else changed the thing meanwhile. */
  error: Error | null
  conflict: HeldConflict<T, W> | undefined
}

export interface HeldConflict<T, W = void> {
  /** What was to be done. */
  wanted: W
  /** What somebody else changed, as it is now. */
  theirs: Partial<T>
  /** Does it anyway, to the thing as it is shown now. */
  proceed(): void
  giveUp(): void
}

/**
 * Does something, such as deleting, to a thing that others may be editing too: a person who has not seen their change
 * is shown it, and decides.
 */
export function useHeldAction<T extends object, W = void>({
  seen,
  read,
  act,
  onDone,
}: HeldActionParts<T, W>): HeldAction<T, W> {
  const [refused, setRefused] = useState<{ wanted: W; seen: Saved<T>; theirs: Saved<T> }>()
  const acting = useMutation({
    mutationFn: async (asked: { seen: Saved<T>; wanted: W }) => {
      setRefused(undefined)
      try {
        await act(asked.seen, asked.wanted)
      } catch (error) {
        if (isConflict(error)) setRefused({ ...asked, theirs: await read() })
        throw error
      }
    },
    onSuccess: () => onDone?.(),
  })
  return {
    run: (wanted) => acting.mutate({ seen, wanted }),
    isPending: acting.isPending,
    error: isConflict(acting.error) ? null : acting.error,
    conflict: refused && {
      wanted: refused.wanted,
      theirs: difference(refused.seen.values, refused.theirs.values),
      proceed: () => acting.mutate({ seen: refused.theirs, wanted: refused.wanted }),
      giveUp: () => {
        setRefused(undefined)
        acting.reset()
      },
    },
  }
}
