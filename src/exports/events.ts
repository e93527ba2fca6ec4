import type { StateBefore } from '../suppression/changing/state-before.ts'
import type { SuppressionState } from '../suppression/deciding/suppression-state.ts'
import type { TimelineEvent } from '../suppression/reading/timeline.ts'
import { type NamedLists, writeInZone } from './records.ts'

const COLUMNS = [
  'recordedAt',
  'requestedAt',
  'list',
  'kind',
  'address',
  'reason',
  'source',
  'messageId',
  'olderMail',
  'method',
  'clientAddress',
  'userAgent',
  'keyId',
  'contentType',
  'body',
  'before',
  'beforeSince',
  'beforeReason',
] as const

/** What happened to recipients as a file, with the evidence of each request and the state that it replaced. */
export function writeEvents(
  pages: AsyncIterable<readonly TimelineEvent[]>,
  { nameOf, ...format }: NamedLists,
): AsyncGenerator<string> {
  return writeInZone(COLUMNS, pages, format, ({ evidence, before, ...row }, iso) => ({
    recordedAt: iso(row.recordedAt),
    requestedAt: iso(row.requestedAt),
    list: nameOf(row.listId),
    kind: row.kind,
    address: row.address,
    reason: row.reason,
    source: row.source,
    messageId: row.messageId,
    olderMail: row.olderMail ? 1 : 0,
    method: evidence?.method ?? null,
    clientAddress: evidence?.clientAddress ?? null,
    userAgent: evidence?.userAgent ?? null,
    keyId: evidence?.keyId ?? null,
    contentType: evidence?.contentType ?? null,
    body: evidence?.body ?? null,
    before: before && stateOf(before),
    beforeSince: before && iso(before.since),
    beforeReason: before?.reason ?? null,
  }))
}

function stateOf({ excluded, active, removed }: StateBefore): SuppressionState | 'removed' {
  if (excluded) return 'active'
  if (active) return 'expired'
  return removed ? 'removed' : 'resumed'
}
