import { type RawBuilder, sql } from 'kysely'
import { holds } from '../storage/like.ts'

/** That the address of the row holds this text, case aside; `column` is that of its key. */
export function holdsPart(part: string, column = 'address_key'): RawBuilder<boolean> {
  return holds(sql.ref(column), part.toLowerCase().normalize('NFC'))
}
