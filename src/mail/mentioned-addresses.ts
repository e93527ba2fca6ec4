import { addressKey } from '../kernel/address.ts'
import { decodeHeaderText } from './header-text.ts'
import { readMimeTree, textOf, walkParts } from './mime-tree.ts'

/** Something like an address in texts and URLs; adjoining characters may be taken for a part of it. */
const LIKE_ADDRESS =
  /(?<![\w!#$%&'*+/=?^`{|}~.\-\u{80}-\u{10ffff}])([\w!#$%&'*+/=?^`{|}~.\-\u{80}-\u{10ffff}]{1,200}?)(?:@|＠|%40)([\w.\-\u{80}-\u{10ffff}]{1,253})/giu
/** Characters after which an address may begin, as in `to=taro@example.jp` or in a text without blanks. */
const NOT_OF_NAMES = /[^\w.+~'-]/gu
/** Signs that an address may be escaped: before it, in place of its at sign, or in full width. */
const ESCAPES_OF_ADDRESSES =
  /%(?:25)*40|&#0*(?:64|x0*40);|&(?:[lg]t|quot|apos);|\\(?:[bfnrt]|u[\da-f]{4})|＠/i
const ESCAPE =
  /(?:%(?:25)*(?!25)[\da-f]{2})+|&#(\d{1,7});|&#x([\da-f]{1,6});|&(?:[lg]t|quot|apos);|\\[bfnrt]|\\u([\da-f]{4})/gi
const MOST = 10_000
/** How many occurrences of addresses are looked at, repeated ones included. */
const MOST_PLACES = 50_000

/**
 * The keys of the addresses that occur in a mail: in its bytes, encoded words and encoded texts, and in the mail that
 * it returns. Errs on the side of too many, since neighbouring characters may or may not belong to an address. Never
 * throws; undefined for a mail that has more of them than can be looked up at once.
 */
export function mentionedAddresses(raw: Uint8Array): ReadonlySet<string> | undefined {
  const keys = new Set<string>()
  let places = 0
  const parts = [...walkParts(readMimeTree(raw))]
  const heads = parts.map(({ fields }) => fields.map(({ value }) => decodeHeaderText(value)).join('\n'))
  const texts = parts.filter(({ contentType, parts: { length } }) => length === 0 && isText(contentType.type))
  const asSent = [Buffer.from(raw).toString(), ...heads, ...texts.map(textOf)]
  for (const text of asSent.flatMap((one) => [one, ...unescaped(one)])) {
    for (const [, local = '', domain = ''] of text.matchAll(LIKE_ADDRESS)) {
      for (const key of keysOf(local, domain)) keys.add(key)
      places += 1
      if (keys.size > MOST || places > MOST_PLACES) return undefined
    }
  }
  return keys
}

/** The keys of the addresses that occur in a text; errs on the side of too many, for the same reason. */
export function addressKeysIn(text: string): string[] {
  return [text, ...unescaped(text)].flatMap((one) =>
    [...one.matchAll(LIKE_ADDRESS)].flatMap(([, local = '', domain = '']) => keysOf(local, domain)),
  )
}

/** The text with the escapes of URLs, HTML and JSON undone; nothing when no address has any. */
function unescaped(text: string): string[] {
  return ESCAPES_OF_ADDRESSES.test(text) ? [text.replaceAll(ESCAPE, readEscape)] : []
}

function readEscape(found: string, decimal = '', hexadecimal = '', unit = ''): string {
  if (found.startsWith('%')) {
    const bytes = found.replaceAll(/%(?:25)*/g, '')
    return Buffer.from(bytes, 'hex').toString()
  }
  const code = decimal === '' ? Number.parseInt(hexadecimal || unit, 16) : Number(decimal)
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ' '
}

function keysOf(local: string, domain: string): string[] {
  const quoted = local.startsWith("'") ? [/^'+/.exec(local)?.[0].length ?? 0] : []
  const names = [...local.matchAll(NOT_OF_NAMES)].map(({ index, 0: end }) => index + end.length)
  const starts = [0, ...quoted, ...names]
  const locals = starts.map((start) => local.slice(start))
  const ofAscii = domain.replace(/[^\w.-].*$/su, '')
  // Nor is the extension of a file's name part of a domain.
  const beforeWords = domain.replace(/_.*$/s, '')
  const domains = new Set([domain, beforeWords, ofAscii, ofAscii.replace(/\.(?:csv|txt)$/i, '')])
  const keys = [...domains].flatMap((one) =>
    locals.flatMap((name) => addressKey(`${name}@${one.replace(/[.-]+$/, '')}`) ?? []),
  )
  return local.includes('=') ? [...keys, ...keysWithin(local)] : keys
}

/** The recipient whom a mailing list writes into its own address: `bounces+taro=example.jp`. */
function keysWithin(local: string): string[] {
  const [, name = '', domain = ''] = /^(.+)=([\w-]+(?:\.[\w-]+)+)$/.exec(local) ?? []
  const starts = [0, ...[...name.matchAll(/[^a-z\d]/gi)].map(({ index }) => index + 1)]
  return starts.flatMap((start) => addressKey(`${name.slice(start)}@${domain}`) ?? [])
}

function isText(type: string): boolean {
  return type.startsWith('text/') || type === 'message/delivery-status' || type === 'message/feedback-report'
}
