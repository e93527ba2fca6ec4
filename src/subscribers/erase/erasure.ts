import type { Database } from '../../storage/database.ts'

/** What an erasure works with: a person, and the hash in their place. */
export interface Erasure {
  database: Database
  siteId: number
  key: string
  hash: string
  /** The address in every spelling that is stored, in lower case, as it stands in texts. */
  spellings: readonly string[]
  counted(table: string, rows: number): void
}
