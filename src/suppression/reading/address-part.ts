import { type RawBuilder, sql } from 'kysely'
import { partInKeys } from '../../kernel/address.ts'
import { holds } from '../../storage/like.ts'

/**
 * Whether the address of the row holds this text, ignoring case; `column` is that of its key. Of a domain beyond ASCII
 * only whole labels are found: keys have A-labels, in which part of a label cannot be seen.
 */
export function holdsPart(part: string, column = 'address_key'): RawBuilder<boolean> {
  const folded = part.toLowerCase().normalize('NFC')
  const inKeys = partInKeys(folded)
  const key = sql.ref(column)
  return inKeys === folded
    ? holds(key, folded)
    : sql<boolean>`(${holds(key, folded)} or ${holds(key, inKeys)})`
}
