import { sql } from 'kysely'

/**
 * Compares the list without offering an index that begins with it: before a table's first statistics PostgreSQL would
 * take that one, and read a whole list for every row.
 */
export const sameList = (table: 'suppression' | 's') =>
  sql<boolean>`${sql.ref(`${table}.list_id`)} + 0 = given.list_id`
