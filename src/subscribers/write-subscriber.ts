import { type Compilable, sql } from 'kysely'
import type { Address } from '../kernel/address.ts'
import type { Database } from '../storage/database.ts'
import { withMembers } from '../storage/json-object.ts'
import { rowSet } from '../storage/row-set.ts'
import type { Service } from '../tenants/service.ts'
import type { Membership, SubscriberData, Via } from './subscriber.ts'

export interface SubscriberChange {
  service: Pick<Service, 'id' | 'siteId'>
  recipient: Pick<Address, 'address' | 'key'>
  data: SubscriberData
  via: Via
  at: number
  /** What was known when it was read: if that has changed since, nothing is written. */
  known?: KnownSubscriber
}

interface KnownSubscriber {
  attributes_json: string
  updated_at: number
}

/**
 * Reads what was there before the statements that follow in the same transaction, and makes anybody else who deletes or
 * writes the same subscriber wait.
 */
export function readBefore(
  database: Database,
  { service, recipient }: Pick<SubscriberChange, 'service' | 'recipient'>,
): Compilable<{ membership: Membership | null }> {
  const found = database.query
    .selectFrom('subscriber as s')
    .select(({ selectFrom }) =>
      selectFrom('subscriber_membership as m')
        .select('m.state')
        .where('m.address_key', '=', recipient.key)
        .where('m.service_id', '=', service.id)
        .as('membership'),
    )
    .where('s.address_key', '=', recipient.key)
    .where('s.site_id', '=', service.siteId)
  return database.engine === 'sqlite' ? found : found.forUpdate('s')
}

/** Makes the subscriber if there is none. */
export function insertSubscriber(database: Database, change: SubscriberChange): Compilable {
  const { service, recipient, data, at } = change
  return database.query
    .insertInto('subscriber')
    .values({
      address_key: recipient.key,
      site_id: service.siteId,
      address: recipient.address,
      attributes_json: JSON.stringify(data.attributes ?? {}),
      created_at: at,
      updated_at: at,
    })
    .onConflict((oc) => oc.columns(['address_key', 'site_id']).doUpdateSet(changed(database, change)))
}

/**
 * Changes a subscriber of the service, if there is one; returns them. Must come last: after it, what is stored is no
 * longer what was known.
 */
export function updateSubscriber(
  database: Database,
  change: SubscriberChange,
): Compilable<{ address_key: string }> {
  const { service, recipient } = change
  return database.query
    .updateTable('subscriber')
    .set(changed(database, change))
    .where('address_key', '=', recipient.key)
    .where('site_id', '=', service.siteId)
    .where(isMember(change))
    .where(isAsKnown(change))
    .returning('address_key')
}

function changed(database: Database, { recipient, data, via, at }: SubscriberChange) {
  const { attributes } = data
  const known = sql.ref<string>('subscriber.attributes_json')
  return {
    address: recipient.address,
    updated_at: at,
    ...(attributes && {
      // A form asks for some attributes only, and must not remove others that the customer keeps.
      attributes_json: via === 'form' ? withMembers(database, known, attributes) : JSON.stringify(attributes),
    }),
  }
}

/** Sets the membership of a subscriber of the site; one that already is in that state keeps its time and way. */
export function setMembership(database: Database, change: SubscriberChange, state: Membership): Compilable {
  const { service, recipient, via, at } = change
  return database.query
    .insertInto('subscriber_membership')
    .values({
      address_key: recipient.key,
      service_id: service.id,
      site_id: service.siteId,
      state,
      since: at,
      via,
    })
    .onConflict((oc) =>
      oc
        .columns(['address_key', 'service_id'])
        .doUpdateSet({ state, since: at, via })
        .where('subscriber_membership.state', '<>', state),
    )
}

/** The same, but only for somebody who is or was a member. */
export function changeMembership(
  database: Database,
  change: SubscriberChange,
  state: Membership,
): Compilable {
  const { service, recipient, via, at } = change
  return database.query
    .updateTable('subscriber_membership')
    .set({ state, since: at, via })
    .where('address_key', '=', recipient.key)
    .where('service_id', '=', service.id)
    .where('state', '<>', state)
    .where(isAsKnown(change))
}

/** If user ids are given, they replace those of a subscriber of the service. */
export function replaceUserIds(database: Database, change: SubscriberChange): Compilable[] {
  const { service, recipient, data } = change
  if (data.userIds === undefined) return []
  const rows = data.userIds.map((user_id) => ({ user_id }))
  const given = rowSet(database, 'given', { user_id: 'text' }, rows)
  return [
    database.query
      .deleteFrom('subscriber_user_id')
      .where('address_key', '=', recipient.key)
      .where('site_id', '=', service.siteId)
      .where(isMember(change))
      .where(isAsKnown(change)),
    database.query
      .insertInto('subscriber_user_id')
      .columns(['address_key', 'site_id', 'user_id'])
      .expression(
        database.query
          .selectFrom(given)
          .select([
            sql<string>`cast(${recipient.key} as text)`.as('address_key'),
            sql<number>`cast(${service.siteId} as bigint)`.as('site_id'),
            'given.user_id',
          ])
          .where(isMember(change))
          .where(isAsKnown(change)),
      ),
  ]
}

/** Whether the recipient is a subscriber of the service, joined or left. */
export function isMember({ service, recipient }: Pick<SubscriberChange, 'service' | 'recipient'>) {
  return sql<boolean>`exists (select 1 from subscriber_membership as m
    where m.address_key = ${recipient.key} and m.service_id = ${service.id})`
}

/** Whether what is known of the recipient is still what it was when it was read; true if that was not asked for. */
export function isAsKnown({ service, recipient, known }: SubscriberChange) {
  if (!known) return sql<boolean>`1 = 1`
  return sql<boolean>`exists (select 1 from subscriber as k
    where k.address_key = ${recipient.key} and k.site_id = ${service.siteId}
      and k.updated_at = ${known.updated_at} and k.attributes_json = ${known.attributes_json})`
}
