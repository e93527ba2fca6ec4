import { addressKey } from '../../kernel/address.ts'
import { Refused, refused, type VendorError } from './errors.ts'

/** The addresses of a cancellation, and what is wrong with the form in which they were given. */
export interface Emails {
  /** The well-formed ones, with their places from 1. */
  given: readonly { address: string; place: number }[]
  /** Whether they came as an array; then errors name the place. */
  many: boolean
  mistakes: readonly VendorError[]
}

const MOST = 1_000
const LONGEST = 1_000
/** What the vendor's two pages call the address inside an object. */
const KEYS = ['address', 'email'] as const

/**
 * Reads `email`: a bare address, an object with `address` or `email`, an array of such objects, or an array of addresses; the
 * last three also as JSON in a text. Throws Refused 15-001, 15-002 or 15-005, which concern all of it.
 */
export function decodeEmails(email: unknown): Emails {
  const value = typeof email === 'string' ? fromText(email) : email
  const many = Array.isArray(value)
  const entries: readonly unknown[] = many ? value : [value]
  const isEmpty = value === undefined || value === null || value === '' || entries.length === 0
  if (isEmpty) throw refused('15-002', 'email')
  if (entries.length > MOST) throw refused('15-005', 'email')
  const read = entries.map((entry, index) => readEntry(entry, index + 1))
  const mistakes = read.filter((entry) => 'code' in entry)
  const [first] = mistakes
  if (!many && first?.code === '15-003') throw refused('15-002', 'email')
  const given = read.filter((entry) => 'address' in entry)
  return { given, many, mistakes: [...mistakes, ...repeats(given)] }
}

/** In the vendor's words for an address that is on no list. */
export function notListed({ many }: Pick<Emails, 'many'>, place: number): VendorError {
  return many ? { code: '15-007', field: 'email', place } : { code: '12-001', field: 'email' }
}

/** In the order of the places, in which they will be corrected. */
export function refusedInOrder(errors: readonly VendorError[]): Refused {
  return new Refused(...errors.toSorted((a, b) => (a.place ?? 0) - (b.place ?? 0)))
}

function fromText(text: string): unknown {
  const trimmed = text.trim()
  if (!/^[[{]/.test(trimmed)) return trimmed
  try {
    return JSON.parse(trimmed)
  } catch {
    throw refused('15-001', 'email')
  }
}

function readEntry(entry: unknown, place: number): { address: string; place: number } | VendorError {
  const address = typeof entry === 'string' ? entry : addressIn(entry)
  if (address === undefined) return { code: '15-004', field: 'email', place }
  if (typeof address !== 'string') throw refused('15-001', 'email')
  const trimmed = address.trim()
  if (trimmed === '') return { code: '15-003', field: 'email', place }
  return { address: trimmed.slice(0, LONGEST), place }
}

function addressIn(entry: unknown): unknown {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) throw refused('15-001', 'email')
  const key = KEYS.find((name) => Object.hasOwn(entry, name))
  return key === undefined ? undefined : ((entry as Record<string, unknown>)[key] ?? '')
}

function repeats(given: Emails['given']): VendorError[] {
  const seen = new Set<string>()
  return given.flatMap(({ address, place }) => {
    const key = addressKey(address) ?? address.toLowerCase()
    if (seen.has(key)) return { code: '15-006' as const, field: 'email', place }
    seen.add(key)
    return []
  })
}
