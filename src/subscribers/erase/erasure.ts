import type { AddressInTexts } from '../../mail/address-in-texts.ts'
import type { Database } from '../../storage/database.ts'

/** What an erasure works with: a person, and the hash in their place. */
export interface Erasure {
  database: Database
  siteId: number
  key: string
  hash: string
  /** The address in every spelling that is stored. */
  named: AddressInTexts
  /** The address is also that of somebody who runs this: of a sender, an API user or a person of the console. */
  isOfOperators: boolean
  counted(table: string, rows: number): void
  /** So many rows of a table were looked at. Rejects when it is not to go on. */
  looked(table: string, rows: number): Promise<void>
}
