import { parseWeightedList } from '../kernel/weighted-list.ts'

const PAGES = ['text/html', 'application/xhtml+xml', 'text/*']

/**
 * Whether an Accept header (RFC 9110 section 12.5.1) asks for a page rather than for plain text: it has to name HTML or
 * `text/*`, with at least the quality of text/plain. `otherwise` is the answer when the header names neither or is
 * missing, as in POSTs of mailbox providers and GETs of old phones.
 */
export function prefersHtml(accept: string | undefined, otherwise: boolean): boolean {
  const types = parseWeightedList(accept)
  const page = Math.max(...types.filter(({ name }) => PAGES.includes(name)).map(({ quality }) => quality))
  const plain = Math.max(...types.filter(({ name }) => name === 'text/plain').map(({ quality }) => quality))
  if (page < 0 && plain < 0) return otherwise
  return page > 0 && page >= plain
}
