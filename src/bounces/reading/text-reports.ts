import { parseAddress } from '../../kernel/address.ts'
import { valuesOf } from '../../mail/header-block.ts'
import type { MimePart } from '../../mail/mime-tree.ts'
import type { BouncedRecipient } from '../conclusion.ts'
import { areSaid } from '../judging/classify.ts'
import { classifyPassage } from '../judging/text-verdict.ts'
import type { BounceFormat } from './formats/format.ts'
import { addressesIn, type OriginalMail } from './original-mail.ts'
import { tellApart } from './passages.ts'
import { findRecipientLines, type RecipientLine } from './recipient-lines.ts'

const MOST_LINES = 5_000

/**
 * The recipients that a report in prose is about, each with what is said of it. Where no line names one, the report's
 * X-Failed-Recipients stands in, or else the only recipient of the returned mail; where nobody can be found, one
 * recipient without an address.
 */
export function readTextReport(
  mail: MimePart,
  said: string,
  original: OriginalMail | null,
  format: BounceFormat | undefined,
): BouncedRecipient[] {
  const heeded = (format?.heeds ?? []).flatMap((name) =>
    valuesOf(mail.fields, name).map((value) => `${name}: ${value}`),
  )
  const lines = said.split('\n').slice(0, MOST_LINES)
  const others = othersIn(mail, original)
  const wanted = wantedKeys(mail, original)
  const found = findRecipientLines(
    lines,
    format?.recipient ?? [],
    ({ key }) => others.has(key),
    ({ key }) => wanted.has(key),
  )
  const marks = expectedAmong(found, wanted)
  const recipients = new Map(marks.map(({ key, address }) => [key, address]))
  if (recipients.size === 0) {
    const named = declaredRecipients(mail, original)
    const verdict = classifyPassage([...heeded, ...lines], format?.rules)
    return (named.length > 0 ? named : [null]).map((address) => ({ address, ...verdict }))
  }
  if (recipients.size === 1 && format?.rules && areSaid(format.rules, [...heeded, ...lines].join('\n'))) {
    const told = classifyPassage([...heeded, ...lines], format.rules)
    return [...recipients.values()].map((address) => ({ address, ...told }))
  }
  return tellApart(marks, lines, (passage) => classifyPassage([...heeded, ...passage], format?.rules))
}

/** If any of them are known to have been sent the mail, those alone: prose names other people too. */
function expectedAmong(
  marks: readonly RecipientLine[],
  wanted: ReadonlySet<string>,
): readonly RecipientLine[] {
  const expected = marks.filter(({ key }) => wanted.has(key))
  return expected.length > 0 ? expected : marks
}

function wantedKeys(mail: MimePart, original: OriginalMail | null): Set<string> {
  const failed = failedRecipients(mail)
  const wanted = failed.length > 0 ? failed : (original?.to ?? [])
  return new Set(wanted.flatMap((address) => parseAddress(address)?.key ?? []))
}

/** Addresses in the report and the returned mail that are not recipients of the latter. */
function othersIn(mail: MimePart, original: OriginalMail | null): Set<string> {
  const named = ['From', 'To', 'Reply-To', 'Cc', 'Return-Path'].flatMap((name) =>
    valuesOf(mail.fields, name).flatMap((value) => addressesIn(value.slice(0, 2_000))),
  )
  const senders = [original?.from, original?.returnPath].filter((address) => typeof address === 'string')
  const keys = [...named, ...senders].flatMap((address) => parseAddress(address)?.key ?? [])
  const wanted = new Set((original?.to ?? []).flatMap((address) => parseAddress(address)?.key ?? []))
  return new Set(keys.filter((key) => !wanted.has(key)))
}

/** Whom the report's own field names, or else the only recipient to whom the returned mail was addressed. */
export function declaredRecipients(mail: MimePart, original: OriginalMail | null): string[] {
  const failed = failedRecipients(mail)
  const addressed = original?.to ?? []
  const named = failed.length > 0 ? failed : addressed.length === 1 ? addressed : []
  return [...new Map(named.map((address) => [parseAddress(address)?.key, address])).values()]
}

function failedRecipients({ fields }: MimePart): string[] {
  return valuesOf(fields, 'X-Failed-Recipients').flatMap((value) => addressesIn(value.slice(0, 20_000)))
}
