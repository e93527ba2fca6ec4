import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Refusal } from '../api/refusal.ts'

/** Something that several people may edit, as the server has it, with the name of what it is like. */
export interface Saved<T> {
  values: T
  revision: string
}

interface EditingParts<T> {
  /** What is edited, as it was when the editing began. */
  loaded: Saved<T>
  /** What the server has at the moment. */
  read(): Promise<Saved<T>>
  /** Hands over what was changed, held to the revision that was seen; answers what there is then. */
  save(changes: Partial<T>, edited: Saved<T>): Promise<Saved<T>>
  onSaved?(saved: Saved<T>): unknown
}

export interface Editing<T> {
  values: T
  set(change: Partial<T>): void
  isDirty: boolean
  save(): void
  isSaving: boolean
  /** Why it was not saved, unless somebody else was quicker. */
  error: Error | null
  /** What somebody else saved meanwhile; nothing of one's own is lost until one has decided. */
  conflict: Conflict<T> | undefined
  /** Gives up what was changed. */
  reset(): void
}

export interface Conflict<T> {
  /** What they changed, as it is now. */
  theirs: Partial<T>
  /** Takes what they changed into what is edited; the rest of one's own stays, to be saved. */
  takeOver(): void
  /** Saves one's own all the same; what only they changed stays. */
  overwrite(): void
}

/** Edits something that others may edit too: whoever saves second is told, and decides. */
export function useEditing<T extends object>({ loaded, read, save, onSaved }: EditingParts<T>): Editing<T> {
  const [seen, setSeen] = useState(loaded)
  const [values, setValues] = useState(loaded.values)
  const [theirs, setTheirs] = useState<Saved<T>>()
  const start = (saved: Saved<T>, edited: T) => {
    setSeen(saved)
    setValues(edited)
    setTheirs(undefined)
  }
  const saving = useMutation({
    mutationFn: async (edited: Saved<T> & { from: T }) => {
      try {
        return await save(difference(edited.from, edited.values), edited)
      } catch (error) {
        if (isConflict(error)) setTheirs(await read())
        throw error
      }
    },
    onSuccess: async (saved, edited) => {
      setSeen(saved)
      setTheirs(undefined)
      // What was typed while it was being saved is still to be saved.
      setValues((current) => ({ ...saved.values, ...difference(edited.values, current) }))
      await onSaved?.(saved)
    },
  })
  const handOver = (from: Saved<T>, edited: T) =>
    saving.mutate({ from: from.values, values: edited, revision: from.revision })
  const own = difference(seen.values, values)
  return {
    values,
    set: (change) => setValues((before) => ({ ...before, ...change })),
    isDirty: Object.keys(own).length > 0,
    save: () => handOver(seen, values),
    isSaving: saving.isPending,
    error: theirs && isConflict(saving.error) ? null : saving.error,
    conflict: theirs && {
      theirs: difference(seen.values, theirs.values),
      takeOver: () => {
        saving.reset()
        start(theirs, { ...theirs.values, ...own, ...difference(seen.values, theirs.values) })
      },
      overwrite: () => {
        const edited = { ...theirs.values, ...own }
        start(theirs, edited)
        handOver(theirs, edited)
      },
    },
    reset: () => {
      saving.reset()
      start(seen, seen.values)
    },
  }
}

export function isConflict(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'changed-meanwhile'
}

/** What `after` has otherwise than `before`. */
export function difference<T extends object>(before: T, after: T): Partial<T> {
  const isSame = (key: keyof T) => JSON.stringify(before[key]) === JSON.stringify(after[key])
  return Object.fromEntries(Object.entries(after).filter(([key]) => !isSame(key as keyof T))) as Partial<T>
}
