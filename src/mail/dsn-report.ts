import { type ReportBlock, readReportBlocks } from './report-fields.ts'

/** What RFC 3464 §2.3 says of one recipient; null where the report does not. Types as `rfc822;` are taken off. */
export interface DsnRecipient {
  finalRecipient: string | null
  originalRecipient: string | null
  /** In lower case: failed, delayed, delivered, relayed or expanded, if it keeps to RFC 3464 §2.3.3. */
  action: string | null
  /** RFC 3463. */
  status: string | null
  /** Who says what the diagnostic code is: `smtp`, or a name of the software's own such as `x-postfix`. */
  diagnosticType: string | null
  diagnostic: string | null
  remoteMta: string | null
}

const TYPE = /^\s*([\w-]{1,40})\s*;\s*/
const STATUS = /(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)/

/** The recipients of the body of a message/delivery-status, or of a text that such fields were pasted into. */
export function readDsnReport(text: string): DsnRecipient[] {
  return readReportBlocks(text, 'final-recipient').filter(isAboutRecipient).map(toRecipient)
}

function isAboutRecipient(block: ReportBlock): boolean {
  return block.has('final-recipient') || (block.has('original-recipient') && block.has('action'))
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
