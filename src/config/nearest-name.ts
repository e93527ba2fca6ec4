const MOST_EDITS = 3

/**
 * The name that a misspelt one was probably meant to be: one within three edits, or else the only one that it
 * abbreviates or extends.
 */
export function nearestName(misspelt: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((name) => ({ name, edits: editDistance(misspelt, name) }))
    .sort((a, b) => a.edits - b.edits)
  const [best] = ranked
  if (best && best.edits <= MOST_EDITS) return best.name
  const related = names.filter((name) => name.startsWith(`${misspelt}_`) || misspelt.startsWith(`${name}_`))
  return related.length === 1 ? related[0] : undefined
}

/** Levenshtein's distance: how many characters have to be added, dropped or replaced. */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (const [row, character] of [...a].entries()) {
    const current = [row + 1]
    for (const [column, other] of [...b].entries()) {
      const replaced = (above[column] ?? 0) + (character === other ? 0 : 1)
      current.push(Math.min(replaced, (above[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1))
    }
    above = current
  }
  return above[b.length] ?? 0
}
