/**
 * Remembers what was read from a mail's octets: one mail comes in for up to a hundred recipients, and is read only for
 * the first. Remembered for as long as somebody holds the octets, which must not change.
 */
export function readOnce<T>(read: (raw: Buffer) => T): (raw: Buffer) => T {
  const known = new WeakMap<Buffer, { value: T }>()
  return (raw) => {
    const found = known.get(raw) ?? { value: read(raw) }
    known.set(raw, found)
    return found.value
  }
}
