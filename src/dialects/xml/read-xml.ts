import { setImmediate as nextTurn } from 'node:timers/promises'
import { type SaxesOptions, SaxesParser } from 'saxes'
import { DomainError } from '../../kernel/domain-error.ts'
import { decodeXmlBytes } from './decode-xml-bytes.ts'

/** An element: its own text, with CDATA sections and references resolved, without that of its children. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  readonly text: string
}

const MOST_DEPTH = 100
const MOST_ATTRIBUTES = 100
const MOST_ELEMENTS = 300_000
const LONGEST_NAME = 1_000
/** The parser's message may repeat a name of any length. */
const LONGEST_MESSAGE = 200
/** After each part of this many characters other work gets a turn. */
const PART = 256 * 1_024

/**
 * Reads a well-formed, namespace-aware XML 1.0 or 1.1 document. A document type declaration, which alone could declare
 * entities, is refused, so that nothing expands and nothing is fetched. Rejects with DomainError `malformed-body` for a
 * document that is not well-formed, and `too-large` for one beyond the limits; the caller limits the size.
 */
export async function readXml(bytes: Buffer): Promise<XmlElement> {
  const text = decodeXmlBytes(bytes)
  const { parser, root } = treeParser()
  for (let start = 0; start < text.length; start += PART) {
    if (start > 0) await nextTurn()
    parser.write(text.slice(start, start + PART))
  }
  parser.close()
  return root()
}

interface Growing {
  name: string
  attributes: Record<string, string>
  children: Growing[]
  text: string
}

function treeParser(): { parser: SaxesParser<SaxesOptions & { xmlns: true }>; root(): XmlElement } {
  const parser = new SaxesParser({ xmlns: true })
  const path: Growing[] = []
  let root: Growing | undefined
  let elements = 0
  let attributes = 0

  parser.on('error', ({ message }) => {
    throw new DomainError('malformed-body', `is not well-formed XML: ${message.slice(0, LONGEST_MESSAGE)}`)
  })
  parser.on('doctype', () => {
    throw new DomainError('malformed-body', 'a document type declaration (DOCTYPE) is not taken')
  })
  parser.on('opentagstart', ({ name }) => {
    elements++
    attributes = 0
    limit('elements', elements, MOST_ELEMENTS)
    limit('levels of elements', path.length + 1, MOST_DEPTH)
    limit('characters in a name', name.length, LONGEST_NAME)
  })
  parser.on('attribute', ({ name }) => {
    attributes++
    limit('attributes of an element', attributes, MOST_ATTRIBUTES)
    limit('characters in a name', name.length, LONGEST_NAME)
  })
  parser.on('opentag', (tag) => {
    const named = Object.entries(tag.attributes).map(([name, { value }]) => [name, value] as const)
    const element: Growing = { name: tag.name, attributes: record(named), children: [], text: '' }
    path.at(-1)?.children.push(element)
    root ??= element
    path.push(element)
  })
  parser.on('closetag', () => void path.pop())
  for (const kind of ['text', 'cdata'] as const) {
    parser.on(kind, (text) => {
      const element = path.at(-1)
      if (element) element.text += text
    })
  }
  return { parser, root: () => root as Growing }
}

/** Without a prototype: `constructor` is a name like any other. */
function record(entries: Iterable<readonly [string, string]>): Record<string, string> {
  return Object.assign(Object.create(null), Object.fromEntries(entries))
}

function limit(what: string, count: number, most: number): void {
  if (count > most) throw new DomainError('too-large', `at most ${most} ${what} are taken`)
}
