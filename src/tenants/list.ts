import { addressKey } from '../kernel/address.ts'
import { DomainError, invalid } from '../kernel/domain-error.ts'
import type { Database } from '../storage/database.ts'
import type { ListKind, Tables } from '../storage/tables.ts'

/** What a recipient can be on. */
export interface List {
  id: number
  serviceId: number
  kind: ListKind
  /** The sender's address, the filter's name, or the kind itself. */
  label: string
  classId: string | null
  lifetimeMs: number | null
  takesOpaque: boolean
  archived: boolean
}

const SERVICE_KINDS: readonly string[] = ['hard-bounces', 'complaints', 'blocklist'] satisfies ListKind[]

/**
 * How the API names a list: `sender:ADDRESS`, `filter:NAME`, `hard-bounces`, `complaints` or `blocklist`. That of a
 * deleted filter is `filter:NAME (archived)`, since another filter may have the name by now.
 */
export function listRef({ kind, label, archived }: Pick<List, 'kind' | 'label' | 'archived'>): string {
  return kind === 'sender' || kind === 'filter' ? `${kind}:${label}${archived ? ' (archived)' : ''}` : kind
}

/** A service's lists, archived ones too. */
export async function findLists(database: Database, serviceId: number): Promise<List[]> {
  const { query } = database
  const rows = await database.read(
    query.selectFrom('list').selectAll().where('service_id', '=', serviceId).orderBy('id'),
  )
  return rows.map(toList)
}

/** How the API names the list with this id. */
export function listName(lists: ReadonlyMap<number, List>, id: number): string {
  const list = lists.get(id)
  return list ? listRef(list) : String(id)
}

/** Lists of whatever services, by their ids. */
export async function findListsById(database: Database, ids: readonly number[]): Promise<Map<number, List>> {
  if (ids.length === 0) return new Map()
  const rows = database.query
    .selectFrom('list')
    .selectAll()
    .where('id', 'in', [...new Set(ids)])
  return new Map((await database.read(rows)).map((row) => [row.id, toList(row)]))
}

/**
 * Finds the list that a reference names, among those that apply to mail. Throws DomainError `invalid-value` (no such
 * form), whose message also names what else may stand there (`others`), or `unknown-list`.
 */
export async function resolveList(
  database: Database,
  serviceId: number,
  ref: string,
  others: readonly string[] = [],
): Promise<List> {
  const found = (await resolveLists(database, serviceId, ref, others)).find(({ archived }) => !archived)
  return found ?? refuse(ref)
}

/** The lists that a reference names: several deleted filters may have had one name. Throws as `resolveList` does. */
export async function resolveLists(
  database: Database,
  serviceId: number,
  ref: string,
  others: readonly string[] = [],
): Promise<List[]> {
  const found = (await findLists(database, serviceId)).filter(matcher(ref, others))
  return found.length > 0 ? found : refuse(ref)
}

function refuse(ref: string): never {
  throw new DomainError('unknown-list', `the service has no list ${ref}`, { field: 'list' })
}

function matcher(ref: string, others: readonly string[]): (list: List) => boolean {
  if (SERVICE_KINDS.includes(ref)) return (list) => list.kind === ref
  const [, kind, label] = /^(sender|filter):(.+)$/s.exec(ref) ?? []
  if (kind === 'filter') return (list) => listRef(list) === ref
  const key = kind === 'sender' && label !== undefined ? addressKey(label) : undefined
  if (key === undefined) {
    const forms = ['sender:ADDRESS', 'filter:NAME', ...SERVICE_KINDS, ...others]
    throw invalid('list', `must be ${forms.slice(0, -1).join(', ')} or ${forms.at(-1)}`)
  }
  return (list) => list.kind === 'sender' && addressKey(list.label) === key
}

export function toList(row: Tables['list']): List {
  return {
    id: row.id,
    serviceId: row.service_id,
    kind: row.kind,
    label: row.label,
    classId: row.class_id,
    lifetimeMs: row.lifetime_ms,
    takesOpaque: row.takes_opaque === 1,
    archived: row.archived_at !== null,
  }
}

/** A new list of a sender or filter, as its row. */
export function newListRow(
  given: Pick<Tables['list'], 'id' | 'service_id' | 'kind' | 'label' | 'class_id' | 'lifetime_ms'> & {
    now: number
  },
): Tables['list'] {
  const { now, ...row } = given
  return { ...row, takes_opaque: 0, archived_at: null, created_at: now }
}
