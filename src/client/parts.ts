const ADDRESSES_PER_CALL = 5_000

/** As many addresses at a time as a call takes; none when there are none. */
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
