import { type RawBuilder, sql } from 'kysely'

/** That the address of the row holds this text, case aside; `column` is that of its key. */
export function holdsPart(part: string, column = 'address_key'): RawBuilder<boolean> {
  const pattern = part
    .toLowerCase()
    .normalize('NFC')
    .replace(/[\\%_]/g, '\\$&')
  return sql<boolean>`${sql.ref(column)} like ${`%${pattern}%`} escape '\\'`
}
