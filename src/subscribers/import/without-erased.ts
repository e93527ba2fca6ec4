import type { RecogniseErased } from '../../suppression/erased/recognise-erased.ts'
import { withoutRecognised } from '../../suppression/erased/without-names.ts'
import { withoutHashedIds } from '../without-erased-names.ts'
import type { SubscriberRow } from './subscriber-rows.ts'

/** Rows of a file of subscribers, fit to be written. */
export interface Batch {
  rows: SubscriberRow[]
  /** The keys of people who were erased: their rows are left out. */
  erased: string[]
}

/** Leaves out rows of erased people, and removes erased people whom other rows name. */
export function withoutErased(given: readonly SubscriberRow[], recognise: RecogniseErased): Batch {
  const rows: SubscriberRow[] = []
  const erased: string[] = []
  for (const row of given) {
    if (recognise(row.key) !== undefined) erased.push(row.key)
    else rows.push(withoutNamed(row, recognise))
  }
  return { rows, erased }
}

function withoutNamed(row: SubscriberRow, recognise: RecogniseErased): SubscriberRow {
  const data = withoutRecognised(row.data, recognise, row.key)
  return data === row.data ? row : { ...row, data: withoutHashedIds(data, row.data) }
}
