import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Refusal } from '../api/refusal.ts'

/** Something that several people may edit, as the server has it, with the revision of that state. */
export interface Saved<T> {
  values: T
  revision: string
}

interface EditingParts<T> {
  /** The values as they were when the editing began. */
  loaded: Saved<T>
  /** Reads the server's current state. */
  read(): Promise<Saved<T>>
  /** Sends the changes, on condition that the revision is still the one that was seen; answers the new state. */
  save(changes: Partial<T>, edited: Saved<T>): Promise<Saved<T>>
  onSaved?(saved: Saved<T>): unknown
}

export interface Editing<T> {
  values: T
  set(change: Partial<T>): void
  isDirty: boolean
  save(): void
  isSaving: boolean
  /** Why it was not saved, unless the reason is that somebody else saved first. */
  error: Error | null
  /** What somebody else saved meanwhile; one's own changes are kept until one has decided. */
  conflict: Conflict<T> | undefined
  /** Discards one's own changes. */
  reset(): void
}

export interface Conflict<T> {
  /** The other person's changes, as they are now. */
  theirs: Partial<T>
  /** Takes their changes over into the draft; the rest of one's own changes stay, to be saved. */
  takeOver(): void
  /** Saves one's own changes anyway; changes that only the other person made stay. */
  overwrite(): void
}

/** Edits something that others may be editing too: whoever saves second is told, and decides. */
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
      // Changes typed during the saving still have to be saved.
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

/** The values of `after` that differ from `before`. */
export function difference<T extends object>(before: T, after: T): Partial<T> {
  const isSame = (key: keyof T) => JSON.stringify(before[key]) === JSON.stringify(after[key])
  return Object.fromEntries(Object.entries(after).filter(([key]) => !isSame(key as keyof T))) as Partial<T>
}
