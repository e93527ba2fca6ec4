import { DomainError } from '../../kernel/domain-error.ts'
import type { Database } from '../../storage/database.ts'
import { bucketOf } from '../sending/bucket.ts'

/** The mail as it would have been sent, where no relay is configured. Throws DomainError `unknown-message`. */
export async function readKeptMail(database: Database, deliveryId: number, id: number): Promise<Buffer> {
  const [row] = await database.read(
    database.query
      .selectFrom('kept_mail as k')
      .innerJoin('message as m', (join) =>
        join.onRef('m.bucket', '=', 'k.bucket').onRef('m.id', '=', 'k.message_id'),
      )
      .select('k.raw')
      .where('k.bucket', '=', bucketOf(id))
      .where('k.message_id', '=', id)
      .where('m.delivery_id', '=', deliveryId),
  )
  if (!row) throw new DomainError('unknown-message', `no mail is kept under ${id}`, { field: 'messageId' })
  return Buffer.from(row.raw)
}
