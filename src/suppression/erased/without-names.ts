import { addressInTexts, asWritten } from '../../mail/address-in-texts.ts'
import { addressKeysIn } from '../../mail/mentioned-addresses.ts'
import type { RecogniseErased } from './recognise-erased.ts'

/** Finds the hashes that stand for those of the address keys whose owners were erased. */
type Find = (addressKeys: readonly string[]) => Promise<ReadonlyMap<string, string>>

/** Every address has an at sign, or an escape of it; most texts have none. */
const AT = /[@＠]|%(?:25)*40|&#|\\u0040/

/** Whether an address may stand somewhere in it. */
export function mayName(value: unknown): boolean {
  return textsIn(value).some((text) => AT.test(text))
}

/**
 * Texts, or JSON values that hold texts, with the hashes from `find` in place of the addresses in them, in any
 * spelling. A value that names nobody is returned as it is.
 */
export async function withoutNames<T>(values: readonly T[], find: Find): Promise<readonly T[]> {
  const named = namedIn(values)
  if (named.length === 0) return values
  const hashes = await find(named)
  return hashes.size === 0 ? values : values.map((value) => replaced(value, hashes) as T)
}

/** The same where the database cannot be asked about each address. `but` is the key of the person whom it is about. */
export function withoutRecognised<T>(value: T, recognise: RecogniseErased, but?: string): T {
  const hashes = new Map<string, string>()
  for (const key of namedIn([value])) {
    const hash = key === but ? undefined : recognise(key)
    if (hash !== undefined) hashes.set(key, hash)
  }
  return hashes.size === 0 ? value : (replaced(value, hashes) as T)
}

function namedIn(values: readonly unknown[]): string[] {
  return [...new Set(values.flatMap(textsIn).flatMap((text) => (AT.test(text) ? addressKeysIn(text) : [])))]
}

/** All texts in a value, keys of objects included: people choose the names of attributes. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Array.isArray(value) ? value.flatMap(textsIn) : Object.entries(value).flat().flatMap(textsIn)
}

function replaced(value: unknown, hashes: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return textWithout(value, hashes)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((one) => replaced(one, hashes))
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [textWithout(name, hashes), replaced(one, hashes)]),
  )
}

function textWithout(text: string, hashes: ReadonlyMap<string, string>): string {
  const whom = addressKeysIn(text).filter((key) => hashes.has(key))
  let clean = text
  for (const key of whom) clean = addressInTexts(asWritten(key)).without(clean, hashes.get(key) ?? '')
  const left = addressKeysIn(clean).find((key) => hashes.has(key))
  // The address is in a spelling that could be read but not separated from its surroundings.
  return left === undefined ? clean : (hashes.get(left) ?? '')
}
