import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { difference, isConflict, type Saved } from './use-editing.ts'

interface HeldActionParts<T, W> {
  /** What it is done to, as the person sees it. */
  seen: Saved<T>
  /** What the server has at the moment. */
  read(): Promise<Saved<T>>
  /** Carries it out, held to the revision of what was seen. */
  act(seen: Saved<T>, wanted: W): Promise<unknown>
  onDone?(): unknown
}

export interface HeldAction<T, W> {
  run(wanted: W): void
  isPending: boolean
  /** Why it was not done, unless somebody changed the thing meanwhile. */
  error: Error | null
  conflict: HeldConflict<T, W> | undefined
}

export interface HeldConflict<T, W = void> {
  /** What was to be done. */
  wanted: W
  /** What somebody else changed, as it is now. */
  theirs: Partial<T>
  /** Does it all the same, to the thing as it was shown now. */
  proceed(): void
  giveUp(): void
}

/** Does something to what others may edit too, such as deleting it: whoever has not seen their change is told of it, and decides. */
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
