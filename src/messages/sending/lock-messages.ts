import type { Compilable } from 'kysely'
import type { Database } from '../../storage/database.ts'
import type { MessageTable } from '../../storage/mail-tables.ts'
import { rowSet } from '../../storage/row-set.ts'

type Place = Pick<MessageTable, 'bucket' | 'id'>

/**
 * Locks messages, in the order of their keys. A relay's reply and a report about the same message each count unless the
 * other was counted before: on PostgreSQL two simultaneous transactions would not see that of each other. To be run
 * before anything is counted, so that nobody who holds a counter waits for a message.
 */
export function lockMessages(database: Database, messages: readonly Place[]): Compilable[] {
  if (database.engine === 'sqlite') return []
  const rows = messages.map(({ bucket, id }) => ({ bucket, id }))
  const given = rowSet(database, 'given', { bucket: 'integer', id: 'integer' }, rows)
  return [
    database.query
      .selectFrom(given)
      .crossJoin('message as m')
      .whereRef('m.bucket', '=', 'given.bucket')
      .whereRef('m.id', '=', 'given.id')
      .select('m.id')
      .orderBy('m.bucket')
      .orderBy('m.id')
      .forUpdate('m'),
  ]
}
