import type { Database } from '../storage/database.ts'
import { type List, toList } from './list.ts'

/** Finds what never changes about a list, including that it takes opaque parts once it does. */
export interface ClassDirectory {
  /** The list behind a `class_id`, or undefined when none was ever registered. */
  find(classId: string): Promise<List | undefined>
  /** Asks the database even when the class is remembered. */
  refresh(classId: string): Promise<List | undefined>
  /** What is remembered, without asking the database: for while it is away. */
  remembered(classId: string): List | undefined
}

const MOST = 100_000

/**
 * Finds lists by their `class_id`. A class once registered stays for ever, so what was found is remembered; what was
 * not found is asked for each time, since another process may just have registered it. Simultaneous calls for one class
 * are answered in the order in which they were made: a replay relies on that.
 */
export function classDirectory(database: Database): ClassDirectory {
  const known = new Map<string, List>()
  const underWay = new Map<string, Promise<List | undefined>>()
  const refresh = async (classId: string) => {
    const [row] = await database.read(
      database.query.selectFrom('list').selectAll().where('class_id', '=', classId),
    )
    if (!row) return undefined
    if (known.size >= MOST) known.clear()
    const found = toList(row)
    known.set(classId, found)
    return found
  }
  const ask = (classId: string) => {
    const asked = underWay.get(classId)
    // What was not found may have been registered since that look.
    if (asked) return asked.then((found) => found ?? refresh(classId))
    const asking = refresh(classId).finally(() => underWay.delete(classId))
    underWay.set(classId, asking)
    return asking
  }
  return {
    find: async (classId) => known.get(classId) ?? ask(classId),
    refresh,
    remembered: (classId) => known.get(classId),
  }
}
