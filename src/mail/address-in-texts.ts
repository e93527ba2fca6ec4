import { domainToUnicode } from 'node:url'

/** One address, to be removed from texts wherever it occurs. */
export interface AddressInTexts {
  /**
   * Runs of letters and digits that every text has that holds the address, in whatever spelling; empty for some
   * addresses.
   */
  marks: readonly string[]
  /** The text with `instead` in place of the address. */
  without(text: string, instead: string): string
  /** The same for the name of a file, where anything may adjoin an address: `list_taro@example.jp_1.csv`. */
  withoutInName(name: string, instead: string): string
  /** The same for bytes of any kind; also where quoted-printable breaks the address in two. */
  withoutInBytes(bytes: Uint8Array, instead: string): Buffer
}

/*
 * An address that is part of a longer one is another person's. A preceding letter or digit does not make it longer when
 * it ends an escape: of URLs, JSON, or, in bytes, quoted-printable. Letters beyond ASCII do not either: Japanese has no
 * blanks.
 */
const ESCAPED = String.raw`(?:[01][\da-f]|2[0-9acf]|3[a-f]|40|5[b-e]|60|7[b-d]|[89a-f][\da-f])`
const ENDS_OF_ESCAPES = String.raw`%(?:25)*${ESCAPED}|\\[bfnrt]|\\u00${ESCAPED}|\\u(?!00)[\da-f]{4}`
const ENDS_OF_BREAKS = `=(?:0[9ad]|2[0-9acf]|3[a-f]|5[bd]|7[bd])`
const NOT_WITHIN = String.raw`(?<![a-z\d._+~-])(?<![a-z\d]')`
// Nor is the extension of a file's name part of a domain.
const NOT_BEHIND = String.raw`(?![a-z\d]|-[a-z\d-]*\.(?!(?:csv|txt)\b)[a-z\d]|\.(?!(?:csv|txt)(?![a-z\d-]))[a-z\d])`
const SOFT_BREAK = String.raw`(?:=\r?\n)?`

/** Prepares the removal of an address in all its spellings, each given once: see `asWritten`. */
export function addressInTexts(spellings: Iterable<string>): AddressInTexts {
  const all = [...new Set([...spellings].map((one) => one.toLowerCase()))]
  const longestFirst = all.toSorted((a, b) => b.length - a.length)
  const inText = patternOf(longestFirst, { isBytes: false })
  const inBytes = patternOf(longestFirst, { isBytes: true })
  const text = bounded(inText, ENDS_OF_ESCAPES)
  const bytes = bounded(inBytes, `${ENDS_OF_ESCAPES}|${ENDS_OF_BREAKS}`)
  const name = new RegExp(inText.whole, 'giu')
  const marks = marksOf(all)
  const isMarked = new RegExp(String.raw`${marks[0] ?? '@|40'}|=\r?\n`, 'i')
  return {
    marks,
    without: (given, instead) => given.replace(text, () => instead),
    withoutInName: (given, instead) => given.replace(name, () => instead),
    withoutInBytes: (given, instead) => {
      const latin = Buffer.from(given.buffer, given.byteOffset, given.length).toString('latin1')
      if (!isMarked.test(latin)) return Buffer.from(given)
      return Buffer.from(
        latin.replace(bytes, () => instead),
        'latin1',
      )
    },
  }
}

/** An address key as it may be written: its domain in A-labels, or in its own letters. */
export function asWritten(key: string): string[] {
  const at = key.lastIndexOf('@') + 1
  return [key, key.slice(0, at) + (domainToUnicode(key.slice(at)) || key.slice(at))]
}

interface Pattern {
  whole: string
  /** As mailing lists write a recipient into their own address: `bounces+taro=example.jp@lists.example`. */
  within: string
}

function bounded({ whole, within }: Pattern, endsOfEscapes: string): RegExp {
  const before = `(?:${NOT_WITHIN}|(?<=${endsOfEscapes}))`
  return new RegExp(String.raw`${before}(?:${whole})${NOT_BEHIND}|(?<![a-z\d])(?:${within})(?=@|%40)`, 'giu')
}

function patternOf(spellings: readonly string[], { isBytes }: { isBytes: boolean }): Pattern {
  const between = isBytes ? SOFT_BREAK : ''
  const read = (text: string) => [...text].map((letter) => writtenAs(letter, isBytes)).join(between)
  const patterns = spellings.map((spelling) => {
    const at = spelling.lastIndexOf('@')
    const [local, domain] = [read(spelling.slice(0, at)), read(spelling.slice(at + 1))]
    const quote = writtenAs('"', isBytes)
    const name = `(?:${local}|${[quote, local, quote].join(between)})`
    return {
      whole: [name, writtenAs('@', isBytes), domain].join(between),
      within: [local, '=', domain].join(between),
    }
  })
  const any = (part: keyof Pattern) => patterns.map((pattern) => pattern[part]).join('|')
  return { whole: any('whole'), within: any('within') }
}

/**
 * A pattern for a character as itself, or as URLs, HTML, JSON and quoted-printable write it. Nobody escapes ASCII
 * letters and digits.
 */
function writtenAs(letter: string, isBytes: boolean): string {
  if (/[a-z\d]/i.test(letter)) return letter
  const utf8 = [...Buffer.from(letter)]
  const hex = utf8.map((byte) => byte.toString(16).padStart(2, '0'))
  const itself = isBytes ? Buffer.from(letter).toString('latin1') : letter
  const code = letter.codePointAt(0) ?? 0
  const units = letter.split('').map((unit) => unit.charCodeAt(0).toString(16).padStart(4, '0'))
  const ways = [
    itself.replaceAll(/[\^$\\.*+?()[\]{}|/]/g, String.raw`\$&`),
    hex.map((byte) => `%(?:25)*${byte}`).join(''),
    hex.map((byte) => `=${byte}`).join(isBytes ? SOFT_BREAK : ''),
    units.map((unit) => String.raw`\\u${unit}`).join(''),
    `&#(?:0*${code}|x0*${code.toString(16)});`,
    ...(letter === '"' || letter === '\\' ? [String.raw`\\${letter === '"' ? '"' : '\\\\'}`] : []),
    ...(letter === '@' ? [isBytes ? Buffer.from('＠').toString('latin1') : '＠'] : []),
  ]
  return `(?:${ways.join('|')})`
}

/** The longest run of the local part, and of the domain when it has only one spelling. */
function marksOf(spellings: readonly string[]): string[] {
  const locals = spellings.map((one) => one.slice(0, one.lastIndexOf('@')))
  const domains = spellings.map((one) => one.slice(one.lastIndexOf('@') + 1))
  return [locals, domains].flatMap((parts) => {
    const runs = parts.map((part) => (part.match(/[a-z\d]+/g) ?? []).toSorted(byLength)[0])
    return runs[0] !== undefined && runs.every((run) => run === runs[0]) ? [runs[0]] : []
  })
}

function byLength(a: string, b: string): number {
  return b.length - a.length
}
