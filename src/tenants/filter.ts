import { RE2JS } from 're2js'
import { DomainError, invalid } from '../kernel/domain-error.ts'
import { newClassId } from '../kernel/ids.ts'
import type { Database } from '../storage/database.ts'
import { UniqueViolation } from '../storage/database-errors.ts'
import type { IdSource } from '../storage/id-block.ts'
import { isStorableText } from '../storage/row-set.ts'
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

export type FilterRequest = Pick<Filter, 'name' | 'header' | 'pattern' | 'match'> & {
  position?: number | undefined
}

const MOST_POSITION = 1_000_000
// Customers Mail Cloud's limits, in characters.
const MOST = { name: 50, header: 100, pattern: 100 } as const

/** A service's filters in the order in which they are tried. */
export async function findFilters(database: Database, serviceId: number): Promise<Filter[]> {
  const rows = await database.read(
    database.query
      .selectFrom('filter')
      .innerJoin('list', 'list.id', 'filter.list_id')
      .select(['list_id', 'class_id', 'name', 'header', 'pattern', 'match', 'position'])
      .where('filter.service_id', '=', serviceId)
      .where('deleted_at', 'is', null)
      .orderBy('position')
      .orderBy('list_id'),
  )
  return rows.map(({ list_id, class_id, ...row }) => ({ ...row, listId: list_id, classId: class_id ?? '' }))
}

/** Throws DomainError `unknown-filter`. */
export async function findFilter(database: Database, serviceId: number, name: string): Promise<Filter> {
  const found = (await findFilters(database, serviceId)).find((filter) => filter.name === name)
  if (!found) throw new DomainError('unknown-filter', `the service has no filter ${name}`, { field: 'name' })
  return found
}

/** Creates a filter with its list, last unless a position is given. Throws `invalid-value` or `name-taken`. */
export async function createFilter(
  database: Database,
  listIds: IdSource,
  service: Service,
  request: FilterRequest & { now: number },
): Promise<Filter> {
  const { name, header, pattern, match, now } = request
  const existing = await findFilters(database, service.id)
  const position = request.position ?? Math.max(0, ...existing.map((filter) => filter.position)) + 1
  check({ ...request, position })
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
  const row = {
    service_id: service.id,
    name,
    header,
    pattern,
    match,
    position,
    deleted_at: null,
    created_at: now,
  }
  await refusingTakenName(name, () =>
    database.transact([
      query.insertInto('list').values(list),
      query.insertInto('filter').values({ ...row, list_id: listId }),
    ]),
  )
  return { listId, classId, name, header, pattern, match, position }
}

/** Changes what is given; the list stays the same one. */
export async function updateFilter(
  database: Database,
  serviceId: number,
  name: string,
  change: { [K in keyof FilterRequest]?: FilterRequest[K] | undefined },
): Promise<Filter> {
  const filter = await findFilter(database, serviceId, name)
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
  const updated: Filter = { ...filter, ...given }
  check(updated)
  const { query } = database
  const { listId, classId: _, ...row } = updated
  await refusingTakenName(updated.name, () =>
    database.transact([
      query.updateTable('filter').set(row).where('list_id', '=', listId),
      query.updateTable('list').set({ label: updated.name }).where('id', '=', listId),
    ]),
  )
  return updated
}

/** Deletes the rule and archives its list: who is on it stays known, and its links work for ever. */
export async function deleteFilter(
  database: Database,
  serviceId: number,
  name: string,
  now: number,
): Promise<void> {
  const { listId } = await findFilter(database, serviceId, name)
  const { query } = database
  await database.transact([
    query.updateTable('filter').set({ deleted_at: now }).where('list_id', '=', listId),
    query.updateTable('list').set({ archived_at: now }).where('id', '=', listId),
  ])
}

const compiled = new Map<string, RE2JS>()

/** True when one of the header's decoded values matches. Regular expressions match anywhere, in linear time. */
export function filterMatches(
  { pattern, match }: Pick<Filter, 'pattern' | 'match'>,
  values: readonly string[],
): boolean {
  if (match === 'exact') return values.includes(pattern)
  let regex = compiled.get(pattern)
  if (!regex) {
    regex = RE2JS.compile(pattern)
    if (compiled.size >= 1_000) compiled.clear()
    compiled.set(pattern, regex)
  }
  return values.some((value) => regex.matcher(value).find())
}

function check(request: FilterRequest): void {
  for (const field of ['name', 'header', 'pattern'] as const) {
    const length = [...request[field]].length
    if (length === 0) throw invalid(field, 'must not be empty')
    if (length > MOST[field]) throw invalid(field, `must have at most ${MOST[field]} characters`)
    if (/[\r\n]/.test(request[field]) || !isStorableText(request[field])) {
      throw invalid(field, 'must not hold line breaks, NUL or half characters')
    }
  }
  if (request.position !== undefined && request.position > MOST_POSITION) {
    throw invalid('position', `must be at most ${MOST_POSITION}`)
  }
  // RFC 5322 §3.6.8: ftext.
  if (!/^[!-9;-~]+$/.test(request.header)) throw invalid('header', 'is no header name')
  if (request.match !== 'regex') return
  try {
    RE2JS.compile(request.pattern)
  } catch (error) {
    throw invalid('pattern', `is no regular expression: ${(error as Error).message}`)
  }
}

async function refusingTakenName(name: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof UniqueViolation)) throw error
    throw new DomainError('name-taken', `the service has a filter ${name} already`, { field: 'name' })
  }
}
