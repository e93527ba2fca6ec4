import type { Database } from '../../storage/database.ts'
import { DatabaseUnavailable } from '../../storage/database-errors.ts'
import { type Form, findAnyForm } from './form.ts'

const MOST_REMEMBERED = 1_000

/**
 * A form by the id in its public URL. Rejects with DatabaseUnavailable for one that nobody opened before the database went
 * away.
 */
export type FindPublicForm = (id: string) => Promise<Form | undefined>

/**
 * Finds forms for whoever has their public URL; while the database is away, as they last were: nobody can register
 * then, but whoever has filled one in keeps what they entered.
 */
export function formDirectory(database: Database): FindPublicForm {
  const remembered = new Map<string, Form>()
  return async (id) => {
    try {
      const form = await findAnyForm(database, id)
      remembered.delete(id)
      if (form) remembered.set(id, form)
      if (remembered.size > MOST_REMEMBERED) remembered.delete(remembered.keys().next().value as string)
      return form
    } catch (error) {
      const form = error instanceof DatabaseUnavailable ? remembered.get(id) : undefined
      if (form) return form
      throw error
    }
  }
}
