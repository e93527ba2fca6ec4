import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import { DomainError } from '../kernel/domain-error.ts'
import { newClassId } from '../kernel/ids.ts'
import { readInput } from '../kernel/mistakes.ts'
import { requireRevision, revisionOf } from '../kernel/revision.ts'
import { withoutUndefined } from '../kernel/without-undefined.ts'
import type { Database } from '../storage/database.ts'
import type { IdSource } from '../storage/id-block.ts'
import { refusingTakenName } from '../storage/refusing-taken-name.ts'
import { giveWay, lastPosition, oneAtATime, revisionOfOrder, standsAs } from './filter-order.ts'
import { type FilterChange, type FilterRequest, filterChange, filterRequest } from './filter-rules.ts'
import { newListRow } from './list.ts'
import { findService, lifetimeMs, type Service } from './service.ts'

/**
 * Scopes unsubscription by a header (Customers Mail Cloud's 購読解除フィルタ): a mail whose decoded header equals or
 * matches the pattern belongs to the filter's list. The first match by position names the URL, every match excludes.
 */
export interface Filter {
  listId: number
  classId: string
  name: string
  header: string
  pattern: string
  match: 'exact' | 'regex'
  position: number
}

type Rule = Omit<Filter, 'listId' | 'classId'>

/** The revisions that a change of a filter was based on: of the rule, of the order, or both. */
export interface SeenFilter {
  revision?: string | undefined
  order?: string | undefined
}

/** A service's filters in the order in which they are tried. */
export async function findFilters(database: Database, serviceId: number): Promise<Filter[]> {
  return (await database.read(live(database, serviceId))).map(toFilter)
}

/** Throws DomainError `unknown-filter`. */
export async function findFilter(database: Database, serviceId: number, classId: string): Promise<Filter> {
  const rows = await database.read(live(database, serviceId).where('class_id', '=', classId))
  return pick(rows.map(toFilter), classId)
}

function pick(filters: readonly Filter[], classId: string): Filter {
  const found = filters.find((filter) => filter.classId === classId)
  if (found) return found
  throw new DomainError('unknown-filter', `the service has no filter ${classId}`, { field: 'classId' })
}

/**
 * Creates a filter with its list, last unless a position is given; the filter that stands there gives way. Throws
 * `invalid-value` or `name-taken`.
 */
export async function createFilter(
  database: Database,
  listIds: IdSource,
  service: Service,
  { now, ...given }: FilterRequest & { now: number },
): Promise<Filter> {
  const { name, header, pattern, match, position } = readInput(filterRequest, given)
  const [listId] = (await listIds.take(1)) as [number]
  const classId = newClassId()
  const { query } = database
  const list = newListRow({
    id: listId,
    service_id: service.id,
    kind: 'filter',
    label: name,
    class_id: classId,
    lifetime_ms: lifetimeMs(await findService(database, service.id), 'filter'),
    now,
  })
  const row = { list_id: listId, service_id: service.id, name, header, pattern, match, created_at: now }
  const [, , [created]] = await refusingTakenName(taken(name), () =>
    database.transact([
      oneAtATime(query, service.id),
      query.insertInto('list').values(list),
      query
        .insertInto('filter')
        .values({ ...row, position: position ?? lastPosition(service.id), deleted_at: null })
        .returning('position'),
      giveWay(query, { serviceId: service.id, listId }),
    ]),
  )
  return { listId, classId, name, header, pattern, match, position: created?.position ?? 0 }
}

/** Stands for the rule of a filter, without its position, which changes when others are moved. */
export function revisionOfFilter({ name, header, pattern, match }: Filter): string {
  return revisionOf({ name, header, pattern, match })
}

/**
 * Changes what is given and nothing else, also beside changes made by others at the same time; the filter keeps its
 * list. Held to the revisions in `seen` that are given. Throws `invalid-value`, `name-taken`, `unknown-filter` or
 * `changed-meanwhile`.
 */
export async function updateFilter(
  database: Database,
  serviceId: number,
  classId: string,
  change: FilterChange,
  seen: SeenFilter = {},
): Promise<Filter> {
  const { query } = database
  const given = withoutUndefined(readInput(filterChange, change))
  for (;;) {
    const all = await findFilters(database, serviceId)
    const before = pick(all, classId)
    requireRevision(seen.revision, revisionOfFilter(before))
    requireRevision(seen.order, revisionOfOrder(all))
    const { listId, classId: _, ...rule } = { ...before, ...given }
    readInput(filterRequest, rule)
    if (isDeepStrictEqual({ ...before, ...rule }, before)) return before
    const [, [changed]] = await refusingTakenName(taken(rule.name), () =>
      database.transact([
        oneAtATime(query, serviceId),
        query
          .updateTable('filter')
          .set(given)
          .where('list_id', '=', listId)
          .where('deleted_at', 'is', null)
          // Written only onto the rule that was just read, which was found to fit the change and to be what its author
          // saw.
          .where('match', '=', before.match)
          .where('pattern', '=', before.pattern)
          .where('name', '=', before.name)
          .where('header', '=', before.header)
          .where(seen.order === undefined ? sql.lit(true) : standsAs(database, serviceId, all))
          .returning(['name', 'header', 'pattern', 'match', 'position']),
        query
          .updateTable('list')
          .set({ label: sql<string>`(select name from filter where list_id = ${listId})` })
          .where('id', '=', listId),
        ...(rule.position === before.position ? [] : [giveWay(query, { serviceId, listId })]),
      ]),
    )
    if (changed) return { listId, classId, ...changed }
  }
}

/**
 * Deletes the rule and archives its list: whoever is on it stays known, and its links work for ever. Answers what was
 * deleted. Throws `unknown-filter`, or `changed-meanwhile` when it is not what was `seen`.
 */
export async function deleteFilter(
  database: Database,
  serviceId: number,
  classId: string,
  now: number,
  seen?: string,
): Promise<Filter> {
  const { query } = database
  for (;;) {
    const filter = await findFilter(database, serviceId, classId)
    requireRevision(seen, revisionOfFilter(filter))
    const { listId, name, header, pattern, match } = filter
    const [, [deleted]] = await database.transact([
      oneAtATime(query, serviceId),
      query
        .updateTable('filter')
        .set({ deleted_at: now })
        .where((eb) => eb.and({ list_id: listId, name, header, pattern, match }))
        .where('deleted_at', 'is', null)
        .returning('list_id'),
      query
        .updateTable('list')
        .set({ archived_at: now })
        .where('id', '=', listId)
        .where('archived_at', 'is', null)
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('filter')
              .select('list_id')
              .where('list_id', '=', listId)
              .where('deleted_at', 'is not', null),
          ),
        ),
    ])
    if (deleted) return filter
  }
}

function live({ query }: Database, serviceId: number) {
  return query
    .selectFrom('filter')
    .innerJoin('list', 'list.id', 'filter.list_id')
    .select(['list_id', 'class_id', 'name', 'header', 'pattern', 'match', 'position'])
    .where('filter.service_id', '=', serviceId)
    .where('deleted_at', 'is', null)
    .orderBy('position')
    .orderBy('list_id')
}

function toFilter({
  list_id,
  class_id,
  ...rule
}: Rule & { list_id: number; class_id: string | null }): Filter {
  return { ...rule, listId: list_id, classId: class_id ?? '' }
}

function taken(name: string): string {
  return `the service has a filter ${name} already`
}
