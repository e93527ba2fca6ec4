import { type ReportBlock, readReportBlocks } from './report-fields.ts'

/**
 * The fields of RFC 3464 §2.3 for one recipient; null where the report has none. Types such as `rfc822;` are removed.
 */
export interface DsnRecipient {
  finalRecipient: string | null
  originalRecipient: string | null
  /** In lower case: failed, delayed, delivered, relayed or expanded, if the report follows RFC 3464 §2.3.3. */
  action: string | null
  /** RFC 3463. */
  status: string | null
  /** The type of the diagnostic code: `smtp`, or a name of the software's own such as `x-postfix`. */
  diagnosticType: string | null
  diagnostic: string | null
  remoteMta: string | null
}

const TYPE = /^\s*([\w-]{1,40})\s*;\s*/
const STATUS = /(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)/

/**
 * The recipients in the body of a message/delivery-status, or in a text that such fields were pasted into. Where no
 * group names one, groups with a status and an action are about whoever the report came for.
 */
export function readDsnReport(text: string): DsnRecipient[] {
  const groups = groupsOf(readReportBlocks(text, 'final-recipient'))
  const named = groups.filter(isAboutRecipient)
  return (named.length > 0 ? named : groups.filter(isAboutSomebody)).map(toRecipient)
}

/**
 * Some software puts empty lines inside a group: a block that names nobody and repeats no field continues the one
 * before.
 */
function groupsOf(blocks: readonly ReportBlock[]): ReportBlock[] {
  const groups: Map<string, readonly string[]>[] = []
  for (const block of blocks) {
    const last = groups.at(-1)
    const goesOn =
      last && !NAMES.some((name) => block.has(name)) && ![...block.keys()].some((key) => last.has(key))
    if (goesOn) for (const [name, values] of block) last.set(name, values)
    else groups.push(new Map(block))
  }
  return groups
}

const NAMES = ['final-recipient', 'original-recipient']

function isAboutRecipient(block: ReportBlock): boolean {
  return block.has('final-recipient') || (block.has('original-recipient') && block.has('action'))
}

function isAboutSomebody(block: ReportBlock): boolean {
  return block.has('status') && (block.has('action') || block.has('diagnostic-code'))
}

function toRecipient(block: ReportBlock): DsnRecipient {
  const value = (name: string) => block.get(name)?.find((text) => text !== '') ?? null
  const diagnostic = block.get('diagnostic-code')?.join(' ') ?? null
  return {
    finalRecipient: untyped(value('final-recipient')),
    originalRecipient: untyped(value('original-recipient')),
    action:
      value('action')
        ?.toLowerCase()
        .match(/^[a-z-]+/)?.[0] ?? null,
    status: STATUS.exec(value('status') ?? '')?.[1] ?? null,
    diagnosticType: (diagnostic && TYPE.exec(diagnostic)?.[1]?.toLowerCase()) || null,
    diagnostic: untyped(diagnostic) || null,
    remoteMta: untyped(value('remote-mta')),
  }
}

function untyped(value: string | null): string | null {
  return value?.replace(TYPE, '').trim() ?? null
}
