import type { BouncedRecipient, FailureFacts, Verdict } from '../conclusion.ts'
import type { RecipientLine } from './recipient-lines.ts'

type Told = Verdict & FailureFacts
type Passage = readonly string[]

/** How many recipients of one report are judged by its words; no mail of ours has more. */
const MOST_TOLD = 100
/** Characters of passages after which no further recipient is judged, since every rule is tried on each passage. */
const MOST_JUDGED = 150_000
const NOTHING_TOLD: Told = {
  ...{ class: 'unknown', reason: 'unknown', rule: 'none' },
  ...{ status: null, replyCode: null, diagnostic: null },
}

/**
 * What a report in prose says of each recipient whom `marks` name, in their order: in the recipient's own passage, then
 * wherever it is named again, then in the passages that belong to nobody. Each passage is judged once, and only a
 * bounded number of them: of recipients after that nothing is known.
 */
export function tellApart(
  marks: readonly RecipientLine[],
  lines: readonly string[],
  judge: (passage: Passage) => Told,
): BouncedRecipient[] {
  const own = Map.groupBy(
    marks.map((mark, index) => ({ ...mark, end: marks[index + 1]?.line ?? lines.length })),
    ({ key }) => key,
  )
  const asked = judgeOnce(judge)
  const common = once(() => commonPassages(marks, lines, own.size === 1).map(asked.judge))
  const mentions = once(() => lines.map((line) => (line.includes('@') ? line.toLowerCase() : '')))
  return [...own.values()].map((segments, index) => {
    // Spelled as it was the last time.
    const address = segments.at(-1)?.address ?? null
    if (address === null || index >= MOST_TOLD || asked.read() > MOST_JUDGED)
      return { address, ...NOTHING_TOLD }
    const bodies = segments.map(({ rest, line, end }) => [rest, ...lines.slice(line + 1, end)])
    const passages = [
      () => bodies.flatMap((body) => body.slice(0, endOfParagraph(body))),
      () => mentionsOf(address.toLowerCase(), lines, mentions()),
      () => bodies.flat(),
    ]
    const told: Told[] = []
    for (const passage of passages) {
      const verdict = asked.judge(passage())
      if (isTelling(verdict)) return { address, ...verdict }
      told.push(verdict)
    }
    return { address, ...(common().find(isTelling) ?? told[0] ?? NOTHING_TOLD) }
  })
}

function isTelling({ class: class_ }: Told): boolean {
  return class_ !== 'unknown'
}

function judgeOnce(judge: (passage: Passage) => Told) {
  const known = new Map<string, Told>()
  let read = 0
  return {
    read: () => read,
    judge: (passage: Passage): Told => {
      const text = passage.join('\n')
      read += text.length
      const told = known.get(text) ?? judge(passage)
      known.set(text, told)
      return told
    },
  }
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/**
 * What stands before all recipients is said of all of them; what follows is too when there is only one recipient, or
 * nothing but a list of them.
 */
function commonPassages(
  marks: readonly RecipientLine[],
  lines: readonly string[],
  isAlone: boolean,
): Passage[] {
  const before = lines.slice(0, marks[0]?.line)
  if (!isAlone && !isList(marks, lines)) return [before]
  const marked = new Set(marks.map(({ line }) => line))
  return [before, lines.filter((_, index) => !marked.has(index)), lines]
}

/** Whether the recipients are listed one below the other, with what applies to all of them before or after the list. */
function isList(marks: readonly RecipientLine[], lines: readonly string[]): boolean {
  return marks
    .slice(0, -1)
    .every(({ line, rest }, index) => isBare([rest, ...lines.slice(line + 1, marks[index + 1]?.line)]))
}

function isBare(lines: Passage): boolean {
  return lines.every((line) => line.trim() === '')
}

/** The first empty line after the first words. */
function endOfParagraph(segment: Passage): number {
  const first = segment.findIndex((line) => line.trim() !== '')
  const end = segment.findIndex((line, index) => index > first && line.trim() === '')
  return end === -1 ? segment.length : end
}

/**
 * Lines that name the address again, each with its continuation lines. `lowered` holds the lines with an at sign, in
 * lower case.
 */
function mentionsOf(wanted: string, lines: readonly string[], lowered: readonly string[]): string[] {
  const found: string[] = []
  let isInside = false
  for (const [index, line] of lines.entries()) {
    const seen = lowered[index] ?? ''
    const names = seen !== '' && seen.includes(wanted)
    isInside = names || (isInside && seen === '' && /^(?:[ \t]+\S|<<<|[45]\d\d-)/.test(line))
    if (isInside) found.push(line)
  }
  return found
}
