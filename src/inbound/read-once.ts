/**
 * A mail comes in once for up to a hundred recipients: what its octets say is the same for each of them, and read only for the
 * first. Known for as long as somebody holds the octets, which nobody changes.
 */
export function readOnce<T>(read: (raw: Buffer) => T): (raw: Buffer) => T {
  const known = new WeakMap<Buffer, { value: T }>()
  return (raw) => {
    const found = known.get(raw) ?? { value: read(raw) }
    known.set(raw, found)
    return found.value
  }
}
