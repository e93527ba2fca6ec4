import { sql } from 'kysely'
import { invalid } from '../kernel/domain-error.ts'
import { decodeCursor, encodeCursor } from '../storage/cursor.ts'
import type { Database } from '../storage/database.ts'
import { isStorableText, rowSet } from '../storage/row-set.ts'
import { holdsPart } from '../suppression/reading/address-part.ts'
import type { Service } from '../tenants/service.ts'
import { unknownSubscriber } from './edit.ts'
import type { Membership, Subscriber } from './subscriber.ts'
import { readUserIds } from './user-ids.ts'

export interface SubscriberSearch {
  service: Pick<Service, 'id' | 'siteId'>
  /** Part of the address, ignoring case. */
  contains?: string | undefined
  userId?: string | undefined
  membership?: Membership | undefined
  /** The `next` of the page before. */
  cursor?: string | undefined
  limit: number
}

export interface SubscriberPage {
  items: Subscriber[]
  /** The cursor of the next page; null when this is the last. */
  next: string | null
}

/** A page reads at most this many rows, each by its key, however few of them are wanted. */
const MOST_ROWS_SEEN = 2_000
/** A page compares at most this many addresses of the index, which is far cheaper. */
const MOST_ADDRESSES_SEEN = 100_000

/**
 * Finds subscribers of a service, who joined it and who left it, in the order of their addresses. Keyset pages: whoever
 * was there throughout appears exactly once. A page looks at a bounded number of people: where few of them match it may
 * be short or empty although there is a next one. Throws DomainError `invalid-value` for an invalid cursor or text.
 */
export async function searchSubscribers(
  database: Database,
  search: SubscriberSearch,
): Promise<SubscriberPage> {
  const { service, contains, userId, membership, limit } = search
  if (!isStorableText(contains ?? '')) throw invalid('contains', 'must not hold NUL or half characters')
  if (!isStorableText(userId ?? '')) throw invalid('userId', 'must not hold NUL or half characters')
  const { keys, seenTo } = await nextKeys(database, search)
  let rows = ofService(database, service).where(isAmong(database, keys))
  if (membership !== undefined) rows = rows.where('m.state', '=', membership)
  const found = await database.read(rows.orderBy('m.address_key').limit(limit + 1))
  const page = found.slice(0, limit)
  const last = page.at(-1)
  const next = last && found.length > limit ? last.address_key : seenTo
  const items = await withUserIds(database, service.siteId, page)
  return { items, next: next === undefined ? null : encodeCursor([next]) }
}

/** The next keys that match, and where looking ended if there is more. */
async function nextKeys(
  database: Database,
  { service, contains, userId, membership, cursor, limit }: SubscriberSearch,
): Promise<{ keys: string[]; seenTo: string | undefined }> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor, ['text'])[0]
  const most = membership === undefined ? limit + 1 : MOST_ROWS_SEEN
  let rows = database.query
    .selectFrom('subscriber_membership as m')
    .select('m.address_key')
    .where('m.service_id', '=', service.id)
  if (userId !== undefined) {
    rows = rows.where(
      sql<boolean>`m.address_key in (select u.address_key from subscriber_user_id as u
        where u.site_id = ${service.siteId} and u.user_id = ${userId})`,
    )
  }
  if (after !== undefined) rows = rows.where('m.address_key', '>', after)
  rows = rows.orderBy('m.address_key')
  let floor: string | undefined
  if (contains !== undefined) {
    const [end] = await database.read(rows.offset(MOST_ADDRESSES_SEEN - 1).limit(1))
    floor = end?.address_key
    if (floor !== undefined) rows = rows.where('m.address_key', '<=', floor)
    rows = rows.where(holdsPart(contains, 'm.address_key'))
  }
  const keys = (await database.read(rows.limit(most))).map(({ address_key }) => address_key)
  return { keys, seenTo: keys.length === most ? keys.at(-1) : floor }
}

function isAmong(database: Database, keys: readonly string[]) {
  const rows = keys.map((address_key) => ({ address_key }))
  const given = rowSet(database, 'given', { address_key: 'text' }, rows)
  return sql<boolean>`m.address_key in (select address_key from ${given})`
}

/** One subscriber of a service, who joined it or left it. Throws DomainError `unknown-subscriber`. */
export async function findSubscriber(
  database: Database,
  service: SubscriberSearch['service'],
  addressKey: string,
): Promise<Subscriber> {
  const rows = await database.read(ofService(database, service).where('m.address_key', '=', addressKey))
  const [found] = await withUserIds(database, service.siteId, rows)
  if (!found) throw unknownSubscriber()
  return found
}

function ofService(database: Database, { id }: SubscriberSearch['service']) {
  return database.query
    .selectFrom('subscriber_membership as m')
    .innerJoin('subscriber as s', (join) =>
      join.onRef('s.address_key', '=', 'm.address_key').onRef('s.site_id', '=', 'm.site_id'),
    )
    .where('m.service_id', '=', id)
    .select(['m.address_key', 'm.state', 'm.since', 'm.via'])
    .select(['s.address', 's.attributes_json', 's.created_at', 's.updated_at'])
}

type Row = Awaited<ReturnType<ReturnType<typeof ofService>['execute']>>[number]

async function withUserIds(database: Database, siteId: number, rows: readonly Row[]): Promise<Subscriber[]> {
  if (rows.length === 0) return []
  const keys = rows.map(({ address_key }) => address_key)
  const userIds = await readUserIds(database, siteId, keys)
  return rows.map((row) => ({
    address: row.address,
    userIds: userIds.get(row.address_key) ?? [],
    attributes: JSON.parse(row.attributes_json),
    membership: row.state,
    since: row.since,
    via: row.via,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }))
}
