import { sql } from 'kysely'

/**
 * Compares the list without offering an index that begins with it: before a table's first statistics PostgreSQL would
 * choose such an index, and read a whole list for every row.
 */
export const sameList = (table: 'suppression' | 's' | 'e', other: 'given' | 'event' = 'given') =>
  sql<boolean>`${sql.ref(`${table}.list_id`)} + 0 = ${sql.ref(`${other}.list_id`)}`
