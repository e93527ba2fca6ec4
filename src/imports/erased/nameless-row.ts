import type { RecogniseErased } from '../../suppression/erased/recognise-erased.ts'
import { mayName, withoutRecognised } from '../../suppression/erased/without-names.ts'
import type { ChunkRow } from './masked.ts'

const MESSAGE_ID = 5
const EVIDENCE = 6

/** The row of somebody who was not erased, without the erased people whom another system's export also names in it. */
export function namelessRow(row: ChunkRow, recognise: RecogniseErased): ChunkRow {
  const { [MESSAGE_ID]: messageId = null, [EVIDENCE]: evidence = null } = row
  if (!mayName([messageId, evidence])) return row
  const said = { messageId, evidence: typeof evidence === 'string' ? JSON.parse(evidence) : null }
  const clean = withoutRecognised(said, recognise, row[0])
  if (clean === said) return row
  return row
    .with(MESSAGE_ID, clean.messageId)
    .with(EVIDENCE, clean.evidence && JSON.stringify(clean.evidence)) as ChunkRow
}
