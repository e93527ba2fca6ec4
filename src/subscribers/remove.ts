import { sql } from 'kysely'
import type { Database } from '../storage/database.ts'
import { unknownSubscriber } from './edit.ts'
import { readBefore, type SubscriberChange } from './write-subscriber.ts'

/**
 * Deletes a subscriber from a service, and with the last of their memberships all that is known of them. If they are on
 * a list they stay on it. Throws DomainError `unknown-subscriber`.
 */
export async function removeSubscriber(
  database: Database,
  change: Pick<SubscriberChange, 'service' | 'recipient'>,
): Promise<void> {
  const { service, recipient } = change
  const isNobodys = sql<boolean>`not exists (select 1 from subscriber_membership as m
    where m.address_key = ${recipient.key} and m.site_id = ${service.siteId})`
  const [, removed] = await database.transact([
    readBefore(database, change),
    database.query
      .deleteFrom('subscriber_membership')
      .where('address_key', '=', recipient.key)
      .where('service_id', '=', service.id)
      .returning('state'),
    database.query
      .deleteFrom('subscriber_user_id')
      .where('address_key', '=', recipient.key)
      .where('site_id', '=', service.siteId)
      .where(isNobodys),
    database.query
      .deleteFrom('subscriber')
      .where('address_key', '=', recipient.key)
      .where('site_id', '=', service.siteId)
      .where(isNobodys),
  ])
  if (removed.length === 0) throw unknownSubscriber()
}
