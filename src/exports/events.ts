import type { CallerEvidence, RequestEvidence } from '../suppression/changing/change.ts'
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
  'code',
  'diagnostic',
  'rule',
  'actor',
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
    ...saidBy(evidence),
    before: before && stateOf(before),
    beforeSince: before && iso(before.since),
    beforeReason: before?.reason ?? null,
  }))
}

/** What there is of it is by how the request came: from outside, back from a mail server, or from a caller. */
function saidBy(evidence: Partial<RequestEvidence & CallerEvidence> | null) {
  return {
    method: evidence?.method ?? null,
    clientAddress: evidence?.clientAddress ?? null,
    userAgent: evidence?.userAgent ?? null,
    keyId: evidence?.keyId ?? null,
    contentType: evidence?.contentType ?? null,
    body: evidence?.body ?? null,
    code: evidence?.code ?? null,
    diagnostic: evidence?.diagnostic ?? null,
    rule: evidence?.rule ?? null,
    actor: evidence?.actor ?? null,
  }
}

function stateOf({ excluded, active, removed }: StateBefore): SuppressionState | 'removed' {
  if (excluded) return 'active'
  if (active) return 'expired'
  return removed ? 'removed' : 'resumed'
}
