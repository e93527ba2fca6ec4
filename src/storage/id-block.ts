import type { Database } from './database.ts'

type Name = 'delivery' | 'message' | 'list' | 'api-user' | 'import' | 'inbound' | 'audit'

const BLOCK = 1_000
/**
 * Numbers taken one by one, so that they grow whichever process takes them: imports run in the order of their numbers.
 */
const IN_ORDER: ReadonlySet<Name> = new Set(['import'])

/**
 * Hands out numbers that no other process hands out, roughly increasing, from blocks reserved in the database: safe
 * integers, unlike random or time-based 64-bit ids. A restart wastes the rest of a block.
 */
export interface IdSource {
  /** `count` ids. */
  take(count: number): Promise<number[]>
}

/**
 * Each name has a sequence of its own. A block holds 1,000 numbers (one for imports), or as many as are taken at once
 * if that is more.
 */
export function idSource(database: Database, name: Name): IdSource {
  const block = IN_ORDER.has(name) ? 1 : BLOCK
  let next = 0
  let end = 0
  let taking = Promise.resolve()

  const refill = async (least: number) => {
    const size = Math.max(block, least)
    const [rows] = await database.transact([
      database.query
        .insertInto('id_block')
        .values({ name, next: 1 + size })
        .onConflict((oc) => oc.column('name').doUpdateSet((eb) => ({ next: eb('id_block.next', '+', size) })))
        .returning('next'),
    ])
    end = rows[0]?.next ?? 0
    next = end - size
  }

  return {
    take: (count) => {
      const result = taking.then(async () => {
        if (end - next < count) await refill(count)
        const first = next
        next += count
        return Array.from({ length: count }, (_, index) => first + index)
      })
      taking = result.then(
        () => {},
        () => {},
      )
      return result
    },
  }
}
