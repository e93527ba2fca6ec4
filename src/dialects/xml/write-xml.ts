/** Characters that XML 1.0 has no way to write, references included (§2.2). */
const UNWRITABLE = /[\0-\x08\v\f\x0e-\x1f\ufffe\uffff]/g
/** A carriage return would be read back as a line feed (§2.11), and `]]>` must not stand in text (§2.4). */
const SPECIAL = /[&<>"\r]/g
const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
}

/**
 * An element as markup. Text and numbers are escaped; an array holds its child elements, each put on a line of its own.
 * Characters that XML cannot express become U+FFFD.
 */
export function element(
  name: string,
  content: string | number | readonly string[] = '',
  attributes: Readonly<Record<string, string | number>> = {},
): string {
  const start = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`)
  const inner = typeof content === 'object' ? lines(content) : escaped(String(content))
  return `<${name}${start.join('')}>${inner}</${name}>`
}

/** A whole document of this root. */
export function xmlDocument(root: string): string {
  return `<?xml version="1.0" encoding="UTF-8" ?>\n${root}`
}

function lines(children: readonly string[]): string {
  return children.length === 0 ? '' : `\n${children.join('\n')}\n`
}

function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(UNWRITABLE, '\ufffd')
    .replace(SPECIAL, (character) => REFERENCES[character] as string)
}
