const BREAK = /<(?:br|\/p|\/div|\/tr|\/li|\/h\d|\/table|\/blockquote|hr)\b[^<>]{0,1000}>/gi
const TAG = /<\/?[a-z!][^<>]{0,4000}>/gi
const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(lt|gt|amp|quot|apos|nbsp));/gi
const NAMED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  nbsp: ' ',
}

/** Where invisible content begins; the tag's name tells what ends it. */
const HIDDEN = /<!--|<(script|style|head|title)\b/gi

/** The words of an HTML text, a line for each block. For searching, not for showing. */
export function textOfHtml(html: string): string {
  return withoutHidden(html)
    .replace(/[\r\n]+/g, ' ')
    .replace(BREAK, '\n')
    .replace(TAG, ' ')
    .replace(ENTITY, (whole, decimal?: string, hex?: string, name?: string) =>
      name
        ? (NAMED[name.toLowerCase()] ?? whole)
        : characterOf(decimal ? Number(decimal) : parseInt(hex ?? '', 16)),
    )
}

function characterOf(code: number): string {
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ' '
}

function withoutHidden(html: string): string {
  const lower = html.toLowerCase()
  const shown: string[] = []
  let at = 0
  for (const begin of html.matchAll(HIDDEN)) {
    if (begin.index < at) continue
    shown.push(html.slice(at, begin.index))
    const close = lower.indexOf(
      begin[1] ? `</${begin[1].toLowerCase()}` : '--',
      begin.index + begin[0].length,
    )
    const end = close === -1 ? -1 : lower.indexOf('>', close)
    at = end === -1 ? html.length : end + 1
  }
  return [...shown, html.slice(at)].join(' ')
}
