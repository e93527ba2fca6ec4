import type { ExpressionBuilder } from 'kysely'
import { DomainError } from '../kernel/domain-error.ts'
import type { Database } from '../storage/database.ts'
import { UniqueViolation } from '../storage/database-errors.ts'
import type { ImportState } from '../storage/import-tables.ts'
import type { Tables } from '../storage/tables.ts'
import { closeParts } from './applying/claim-chunk.ts'
import { KEPT_MS } from './discard.ts'
import { findImportRow } from './import-view.ts'

const UNDER_WAY: readonly ImportState[] = ['queued', 'running']
const ENDED: readonly ImportState[] = ['done', 'cancelled', 'failed']

/**
 * Ends an import where it is; what it has changed by then stays, and can be undone. Throws DomainError `unknown-import`
 * or `wrong-state`.
 */
export async function cancelImport(
  database: Database,
  serviceId: number,
  id: number,
  now: number,
): Promise<void> {
  await findImportRow(database, serviceId, id)
  const { query } = database
  const isUnderWay = (eb: ExpressionBuilder<Tables, 'import'>) =>
    eb.and([eb('id', '=', id), eb('state', 'in', UNDER_WAY)])
  const [, rows] = await database.transact([
    closeParts(database, id).where(({ exists, selectFrom }) =>
      exists(selectFrom('import').select('id').where(isUnderWay)),
    ),
    query
      .updateTable('import')
      .set({ state: 'cancelled', finished_at: now })
      .where(isUnderWay)
      .returning('id'),
  ])
  if (rows.length > 0) return
  const { state } = await findImportRow(database, serviceId, id)
  throw new DomainError(
    'wrong-state',
    state === 'receiving'
      ? `import ${id} is still being taken in: it can be cancelled once it is queued`
      : `import ${id} is ${state}: there is nothing to cancel`,
  )
}

/**
 * Has the job undo an import, chunk by chunk. Throws DomainError `unknown-import`, `same-import`, or `wrong-state` for
 * a dry run, for an import that is still under way or undone already, and 90 days after its end.
 */
export async function undoImport(
  database: Database,
  serviceId: number,
  id: number,
  now: number,
): Promise<void> {
  const { dry_run } = await findImportRow(database, serviceId, id)
  if (dry_run === 1) throw new DomainError('wrong-state', `import ${id} was a dry run: it changed nothing`)
  const { query } = database
  const canBeUndone = (eb: ExpressionBuilder<Tables, 'import'>) =>
    eb.and([
      eb('id', '=', id),
      eb('state', 'in', ENDED),
      eb('kept', '=', 1),
      eb('finished_at', '>=', now - KEPT_MS),
    ])
  const [, rows] = await database
    .transact([
      query
        .updateTable('import_part')
        .set((eb) => ({ is_open: 1, next_chunk: eb.ref('first_chunk'), undone: 0 }))
        .where('import_id', '=', id)
        .where('is_open', '=', 0)
        .where(({ exists, selectFrom }) => exists(selectFrom('import').select('id').where(canBeUndone))),
      query.updateTable('import').set({ state: 'undoing' }).where(canBeUndone).returning('id'),
    ])
    .catch((error) => {
      if (!(error instanceof UniqueViolation)) throw error
      throw new DomainError('same-import', 'the same file is being imported into this list at this moment')
    })
  if (rows.length > 0) return
  const { state } = await findImportRow(database, serviceId, id)
  throw new DomainError(
    'wrong-state',
    ENDED.includes(state)
      ? `import ${id} ended more than 90 days ago: what it changed is not kept any longer`
      : state === 'undone'
        ? `import ${id} has been undone already`
        : `import ${id} is ${state}: only one that has ended can be undone`,
  )
}
