import { sql } from 'kysely'
import { rowSet } from '../../storage/row-set.ts'
import type { Erasure } from './erasure.ts'

const MESSAGES_PER_COMMIT = 500

/**
 * Removes the person from messages, kept mail and the contents sent to them. A content that was sent to nobody else is
 * deleted; in one with several recipients the address is replaced. Waiting mail is cancelled, or it would go to a hash.
 */
export async function eraseMail(erasure: Erasure): Promise<void> {
  const { database, siteId, key, hash, counted } = erasure
  const { query } = database
  const ofServices = sql<boolean>`service_id in (select id from service where site_id = ${siteId})`
  await eraseKeptCopies(erasure)
  for (;;) {
    const found = await database.read(
      query
        .selectFrom('message')
        .select(['bucket', 'id', 'content_id', 'delivery_id'])
        .where('address_key', '=', key)
        .where(ofServices)
        .orderBy('id')
        .limit(MESSAGES_PER_COMMIT),
    )
    if (found.length === 0) break
    const contents = new Map(found.map(({ content_id, delivery_id }) => [content_id, delivery_id]))
    for (const content of contents) await eraseContent(erasure, content)
    const rows = found.map(({ bucket, id }) => ({ bucket, id }))
    const given = sql`(select bucket, id from ${rowSet(database, 'given', { bucket: 'integer', id: 'integer' }, rows)})`
    const [kept, messages] = await database.transact([
      query.deleteFrom('kept_mail').where(sql<boolean>`(bucket, message_id) in ${given}`).returning('bucket'),
      query
        .updateTable('message')
        .set({
          address: hash,
          address_key: hash,
          substitutions_json: null,
          unsubscribe_url: null,
          shown_to: null,
          reply: null,
          state: sql<'cancelled'>`case when state in ('queued', 'sending') then 'cancelled' else state end`,
        })
        .where(sql<boolean>`(bucket, id) in ${given}`)
        .returning('bucket'),
    ])
    counted('kept_mail', kept.length)
    counted('message', messages.length)
    await erasure.looked('message', messages.length)
  }
}

/**
 * Copies for others show the person in To. Their rows have the address until `eraseTexts` has run, and the hash
 * afterwards.
 */
async function eraseKeptCopies({ database, siteId, hash, counted }: Erasure): Promise<void> {
  const copies = sql`(select bucket, id from message where shown_to = ${hash} and copy_as is not null
    and service_id in (select id from service where site_id = ${siteId}))`
  const [gone] = await database.transact([
    database.query
      .deleteFrom('kept_mail')
      .where(sql<boolean>`(bucket, message_id) in ${copies}`)
      .returning('bucket'),
  ])
  counted('kept_mail', gone.length)
}

type Ids = [contentId: number, deliveryId: number]

async function eraseContent(
  { database, key, hash, named, counted }: Erasure,
  [id, deliveryId]: Ids,
): Promise<void> {
  const { query } = database
  const [content] = await database.read(query.selectFrom('content').selectAll().where('id', '=', id))
  if (!content) return
  const [other] = await database.read(
    query
      .selectFrom('message')
      .select('id')
      .where('content_id', '=', id)
      .where('address_key', '<>', key)
      .where('address_key', '<>', hash)
      // There is no index by content, but a content belongs to one delivery.
      .where('delivery_id', '=', deliveryId)
      .limit(1),
  )
  const { raw, template_json, return_path } = content
  const changed = {
    template_json: named.without(template_json, hash),
    raw: raw && named.withoutInBytes(raw, hash),
    return_path: return_path && named.without(return_path, hash),
  }
  await database.transact([
    other
      ? query.updateTable('content').set(changed).where('id', '=', id)
      : query.deleteFrom('content').where('id', '=', id),
  ])
  counted('content', 1)
}
