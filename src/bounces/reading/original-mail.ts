import { parseAddress } from '../../kernel/address.ts'
import { type HeaderField, parseHeaderBlock, valuesOf } from '../../mail/header-block.ts'
import { isMessage, type MimePart, textOf, walkParts } from '../../mail/mime-tree.ts'

/**
 * What the returned mail, or its head, says of itself. Anybody can write that, so it may be used to find rows but
 * proves nothing.
 */
export interface OriginalMail {
  /** Without brackets. */
  messageId: string | null
  from: string | null
  to: readonly string[]
  /** The envelope sender that it came with. */
  returnPath: string | null
  feedbackId: string | null
  /** The URIs of List-Unsubscribe. */
  listUnsubscribe: readonly string[]
  /** Every field of its head by its name in lower case, in order. */
  fields: readonly { name: string; value: string }[]
}

const ADDRESS = /[^\s<>,;:"()[\]]{1,64}@[^\s<>,;:"()[\]]{1,253}/g
const MESSAGE_ID = /<([^<>\s]{1,500})>/
const MOST_ADDRESSES = 50
const MOST_FIELDS = 200
const MOST_VALUE = 2_000
const MOST_HEAD = 65_536

/**
 * The mail that a report returns; null when it returns none. `returned` is the end of the report's text, after the
 * words that introduce a returned mail.
 */
export function findOriginal(report: MimePart, returned: string): OriginalMail | null {
  for (const part of walkParts(report)) {
    if (part !== report && isMessage(part) && part.parts[0]) return toOriginal(part.parts[0].fields)
    if (isHead(part)) return toOriginal(fieldsOf(textOf(part)))
  }
  return returned === '' ? null : toOriginal(fieldsOf(returned))
}

/** The head alone (RFC 6522 §4), for which some software uses a similar type. */
function isHead({ contentType }: MimePart): boolean {
  return /\/rfc822-headers?$/.test(contentType.type)
}

function fieldsOf(text: string): HeaderField[] {
  const head = text.trimStart().slice(0, MOST_HEAD)
  const end = head.indexOf('\n\n')
  return parseHeaderBlock(Buffer.from(end === -1 ? head : head.slice(0, end)))
}

function toOriginal(fields: readonly HeaderField[]): OriginalMail | null {
  const first = (name: string) => valuesOf(fields, name)[0]?.slice(0, MOST_VALUE) ?? null
  const named = fields.filter(({ name }) => name !== '').slice(0, MOST_FIELDS)
  if (named.length === 0) return null
  return {
    messageId: MESSAGE_ID.exec(first('Message-ID') ?? '')?.[1] ?? null,
    from: addressesIn(first('From'))[0] ?? null,
    to: addressesIn(first('To')),
    returnPath: addressesIn(first('Return-Path'))[0] ?? null,
    feedbackId: first('Feedback-ID'),
    listUnsubscribe: [...(first('List-Unsubscribe') ?? '').matchAll(/<([^<>]+)>/g)].map(
      ([, uri = '']) => uri,
    ),
    fields: named.map(({ key, value }) => ({ name: key, value: value.slice(0, MOST_VALUE) })),
  }
}

/** Every complete address, in order. */
export function addressesIn(text: string | null): string[] {
  const found = (text ?? '').match(ADDRESS) ?? []
  return found
    .slice(0, MOST_ADDRESSES)
    .flatMap((address) => parseAddress(address.replace(/\.+$/, ''))?.address ?? [])
}
