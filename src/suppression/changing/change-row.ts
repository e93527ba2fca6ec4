import type { RowOf } from '../../storage/row-set.ts'
import { EVENT_COLUMNS } from './add-events.ts'
import type { SuppressionChange } from './change.ts'
import { RESUME_COLUMNS } from './resume.ts'
import { STOP_COLUMNS } from './stop.ts'

/** A change as a row, with the columns that the statements for its state and for its event need. */
export const CHANGE_COLUMNS = { ...STOP_COLUMNS, ...RESUME_COLUMNS, ...EVENT_COLUMNS } as const

export type ChangeRow = RowOf<typeof CHANGE_COLUMNS>

/** `at` is the time of recording, `renewedAt` the latest of identical requests that came together. */
export function toChangeRow(
  change: SuppressionChange,
  { at, renewedAt = change.requestedAt }: { at: number; renewedAt?: number },
): ChangeRow {
  const stop = change.kind === 'stop' ? change : undefined
  const resume = change.kind === 'stop' ? undefined : change
  return {
    address_key: change.recipient.key,
    list_id: change.listId,
    kind: change.kind,
    address: change.recipient.address,
    requested_at: change.requestedAt,
    renewed_at: renewedAt,
    mailed_at: stop?.mailedAt ?? null,
    up_to: resume?.upTo ?? null,
    message_id: stop?.messageId ?? null,
    reason: stop?.reason ?? change.kind,
    source: change.source,
    evidence_json: change.evidence && JSON.stringify(change.evidence),
    import_id: null,
    at,
  }
}

/** One order for all processes, so that those that write the same keys take their locks in it. */
export function byKey(
  a: Pick<ChangeRow, 'address_key' | 'list_id'>,
  b: Pick<ChangeRow, 'address_key' | 'list_id'>,
): number {
  if (a.address_key !== b.address_key) return (a.address_key ?? '') < (b.address_key ?? '') ? -1 : 1
  return (a.list_id ?? 0) - (b.list_id ?? 0)
}
