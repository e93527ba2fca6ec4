import { type RawBuilder, sql } from 'kysely'

/** That the address of the row holds this text, case aside. */
export function holdsPart(part: string): RawBuilder<boolean> {
  const pattern = part
    .toLowerCase()
    .normalize('NFC')
    .replace(/[\\%_]/g, '\\$&')
  return sql<boolean>`address_key like ${`%${pattern}%`} escape '\\'`
}
