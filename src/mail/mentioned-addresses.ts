import { addressKey } from '../kernel/address.ts'
import { decodeHeaderText } from './encoded-word.ts'
import { readMimeTree, textOf, walkParts } from './mime-tree.ts'

/** Something like an address, as it stands in texts and URLs; what it borders on may be taken for a part of it. */
const LIKE_ADDRESS =
  /(?<![\w!#$%&'*+/=?^`{|}~.\-\u{80}-\u{10ffff}])([\w!#$%&'*+/=?^`{|}~.\-\u{80}-\u{10ffff}]{1,200}?)(?:@|%40)([\w.\-\u{80}-\u{10ffff}]{1,253})/giu
/** What ends before an address that follows it: as in `to=taro@example.jp`, or in a text without blanks. */
const NOT_OF_NAMES = /[^\w.+~'-]/gu
const MOST = 10_000
/** Of places where one stands, the same or not. */
const MOST_PLACES = 50_000

/**
 * The keys of the addresses that stand in a mail: in its bytes, encoded words and encoded texts, those of what it returns
 * too. Rather too many than too few, since neighbouring characters may belong to an address or not. Never throws; undefined for
 * a mail of which more would have to be said than anybody can look up at once.
 */
export function mentionedAddresses(raw: Uint8Array): ReadonlySet<string> | undefined {
  const keys = new Set<string>()
  let places = 0
  const parts = [...walkParts(readMimeTree(raw))]
  const heads = parts.map(({ fields }) => fields.map(({ value }) => decodeHeaderText(value)).join('\n'))
  const texts = parts.filter(({ contentType, parts: { length } }) => length === 0 && isText(contentType.type))
  for (const text of [Buffer.from(raw).toString(), ...heads, ...texts.map(textOf)]) {
    for (const [, local = '', domain = ''] of text.matchAll(LIKE_ADDRESS)) {
      for (const key of keysOf(local, domain)) keys.add(key)
      places += 1
      if (keys.size > MOST || places > MOST_PLACES) return undefined
    }
  }
  return keys
}

/** The keys of the addresses that stand in a text; rather too many than too few, for the same reason. */
export function addressesIn(text: string): string[] {
  return [...text.matchAll(LIKE_ADDRESS)].flatMap(([, local = '', domain = '']) => keysOf(local, domain))
}

function keysOf(local: string, domain: string): string[] {
  const starts = [0, ...[...local.matchAll(NOT_OF_NAMES)].map(({ index, 0: end }) => index + end.length)]
  const locals = starts.map((start) => local.slice(start))
  const domains = new Set([domain, domain.replace(/[^\w.-].*$/su, '')])
  return [...domains].flatMap((one) =>
    locals.flatMap((name) => addressKey(`${name}@${one.replace(/[.-]+$/, '')}`) ?? []),
  )
}

function isText(type: string): boolean {
  return type.startsWith('text/') || type === 'message/delivery-status' || type === 'message/feedback-report'
}
