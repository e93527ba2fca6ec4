import { parseAddress } from '../../kernel/address.ts'
import { valuesOf } from '../../mail/header-block.ts'
import type { MimePart } from '../../mail/mime-tree.ts'
import type { BouncedRecipient } from '../conclusion.ts'
import { areSaid } from '../judging/classify.ts'
import { classifyPassage } from '../judging/text-verdict.ts'
import type { BounceFormat } from './formats/format.ts'
import { addressesIn, type OriginalMail } from './original-mail.ts'
import { findRecipientLines, type RecipientLine } from './recipient-lines.ts'

const MOST_LINES = 5_000

/**
 * The recipients whom a report in words is about, each with what is said of it: in its own passage, then wherever it is named
 * again, then in the passages that are nobody's. Where no line names one, the report's X-Failed-Recipients and the only
 * recipient of the returned mail stand in, and where nobody is to be found one without an address.
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
  return [...recipients].map(([key, address]) => {
    if (recipients.size === 1 && format?.rules && areSaid(format.rules, [...heeded, ...lines].join('\n'))) {
      return { address, ...classifyPassage([...heeded, ...lines], format.rules) }
    }
    const passages = passagesOf(key, address, marks, lines)
    const verdicts = passages.map((passage) => classifyPassage([...heeded, ...passage], format?.rules))
    const telling = verdicts.find((verdict) => verdict.class !== 'unknown')
    return { address, ...(telling ?? verdicts[0] ?? classifyPassage(lines, format?.rules)) }
  })
}

/** Those to whom the mail is known to have been sent, if they are among them: prose names other people too. */
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

/** From the passage that is certainly this recipient's to those that could be another's too. */
function passagesOf(
  key: string,
  address: string,
  marks: readonly RecipientLine[],
  lines: readonly string[],
): string[][] {
  const own = marks.flatMap((mark, index) => (mark.key === key ? [{ mark, next: marks[index + 1] }] : []))
  const segments = own.map(({ mark, next }) => [mark.rest, ...lines.slice(mark.line + 1, next?.line)])
  const paragraphs = segments.map((segment) => segment.slice(0, endOfParagraph(segment)))
  const mentions = mentionsOf(address, lines)
  const isAlone = marks.every((mark) => mark.key === key)
  // Listed one below the other, with what is common to all before or after.
  const isList = marks
    .slice(0, -1)
    .every((mark, index) => isBare(lines.slice(mark.line + 1, marks[index + 1]?.line), mark))
  return [
    paragraphs.flat(),
    mentions,
    segments.flat(),
    // What stands before all of them is said of all.
    lines.slice(0, marks[0]?.line),
    ...(isAlone || isList
      ? [lines.filter((_, index) => !marks.some(({ line }) => line === index)), [...lines]]
      : []),
  ]
}

function isBare(between: readonly string[], { rest }: RecipientLine): boolean {
  return rest.trim() === '' && between.every((line) => line.trim() === '')
}

/** The first empty line behind the first words. */
function endOfParagraph(segment: readonly string[]): number {
  const first = segment.findIndex((line) => line.trim() !== '')
  const end = segment.findIndex((line, index) => index > first && line.trim() === '')
  return end === -1 ? segment.length : end
}

/** Lines that name the address again, each with those folded below it. */
function mentionsOf(address: string, lines: readonly string[]): string[] {
  const wanted = address.toLowerCase()
  const found: string[] = []
  let isInside = false
  for (const line of lines) {
    const names = line.toLowerCase().includes(wanted)
    isInside = names || (isInside && /^(?:[ \t]+\S|<<<|[45]\d\d-)/.test(line) && !line.includes('@'))
    if (isInside) found.push(line)
  }
  return found
}

/** Addresses of the report and of the returned mail that are no recipients of the latter. */
function othersIn(mail: MimePart, original: OriginalMail | null): Set<string> {
  const named = ['From', 'To', 'Reply-To', 'Cc', 'Return-Path'].flatMap((name) =>
    valuesOf(mail.fields, name).flatMap((value) => addressesIn(value.slice(0, 2_000))),
  )
  const senders = [original?.from, original?.returnPath].filter((address) => typeof address === 'string')
  const keys = [...named, ...senders].flatMap((address) => parseAddress(address)?.key ?? [])
  const wanted = new Set((original?.to ?? []).flatMap((address) => parseAddress(address)?.key ?? []))
  return new Set(keys.filter((key) => !wanted.has(key)))
}

/** Whom the report's own field names, and otherwise the only one to whom the returned mail was addressed. */
export function declaredRecipients(mail: MimePart, original: OriginalMail | null): string[] {
  const failed = failedRecipients(mail)
  const addressed = original?.to ?? []
  const named = failed.length > 0 ? failed : addressed.length === 1 ? addressed : []
  return [...new Map(named.map((address) => [parseAddress(address)?.key, address])).values()]
}

function failedRecipients({ fields }: MimePart): string[] {
  return valuesOf(fields, 'X-Failed-Recipients').flatMap((value) => addressesIn(value.slice(0, 20_000)))
}
