import { invalid } from '../kernel/domain-error.ts'
import type { ColumnKind } from './cells.ts'
import { isStorableText } from './row-set.ts'

type Position<K extends readonly ColumnKind[]> = {
  -readonly [I in keyof K]: K[I] extends 'text' ? string : number
}

/** Turns the key of a page's last row into opaque text for the caller to hand back: base64url of a JSON array. */
export function encodeCursor(position: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url')
}

/** Reads what `encodeCursor` wrote. `kinds` are those of the key's parts. Throws DomainError `invalid-value`. */
export function decodeCursor<const K extends readonly ColumnKind[]>(text: string, kinds: K): Position<K> {
  const position = parse(text)
  const fits =
    Array.isArray(position) &&
    position.length === kinds.length &&
    kinds.every((kind, index) =>
      kind === 'text' ? isStorableText(position[index]) : Number.isSafeInteger(position[index]),
    )
  if (!fits) throw invalid('cursor', 'must be the next cursor of an earlier page')
  return position as Position<K>
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString())
  } catch {
    return undefined
  }
}
