const ADDRESSES_PER_CALL = 5_000

/** Addresses in parts as large as one call takes; no part at all when there are none. */
export function* parts(addresses: Iterable<string>): Generator<string[]> {
  let part: string[] = []
  for (const address of addresses) {
    part.push(address)
    if (part.length < ADDRESSES_PER_CALL) continue
    yield part
    part = []
  }
  if (part.length > 0) yield part
}
