import { addressKeysIn } from '../../mail/mentioned-addresses.ts'
import type { RecogniseErased } from '../../suppression/erased/recognise-erased.ts'

/** A recipient as `ImportChunkTable` has it. */
export type ChunkRow = [key: string, address?: string | null, ...known: (string | number | null)[]]

/** The row with a hash in place of the address, and without the evidence that a known export holds. */
export function maskedRow([, , ...known]: ChunkRow, hash: string): ChunkRow {
  return known.length === 0 ? [hash] : [hash, null, ...known.slice(0, 4), null]
}

/** The hash of the first erased person whom a text names; undefined when it names none. */
export function erasedIn(text: string, recognise: RecogniseErased): string | undefined {
  for (const key of new Set(addressKeysIn(text))) {
    const hash = recognise(key)
    if (hash !== undefined) return hash
  }
  return undefined
}

/**
 * The same for the name of a file, whose extension is not part of a domain and in which words may adjoin an address.
 */
export function erasedInName(name: string, recognise: RecogniseErased): string | undefined {
  const stem = name.replace(/\.[^.]*$/, '')
  const apart = stem.replaceAll(/[^ -~]|_/g, ' ')
  return erasedIn([name, stem, apart, apart.replaceAll('-', ' ')].join('\n'), recognise)
}
