/** One entry of an Accept-like header, in lower case, with its quality from 0 (refused) to 1. */
export type Weighted = { readonly name: string; readonly quality: number }

/** Reads a list with quality values (RFC 9110 section 12.4.2). An entry without a readable quality has quality 1. */
export function parseWeightedList(header: string | undefined): Weighted[] {
  return (header ?? '').toLowerCase().split(',').map(parseEntry)
}

function parseEntry(entry: string): Weighted {
  const [name = '', ...parameters] = entry.split(';').map((part) => part.trim())
  const weight = parameters.map((parameter) => /^q=([01](?:\.\d*)?)$/.exec(parameter)?.[1]).find(Boolean)
  return { name, quality: Math.min(Number(weight ?? 1), 1) }
}
