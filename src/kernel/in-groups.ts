/** Cuts items, in their order, into groups of at most `mostBytes` each; a larger item makes a group of its own. */
export function* inGroups<T>(
  items: readonly T[],
  bytesOf: (item: T) => number,
  mostBytes: number,
): Generator<T[]> {
  let group: T[] = []
  let bytes = 0
  for (const item of items) {
    const own = bytesOf(item)
    if (group.length > 0 && bytes + own > mostBytes) {
      yield group
      group = []
      bytes = 0
    }
    group.push(item)
    bytes += own
  }
  if (group.length > 0) yield group
}
