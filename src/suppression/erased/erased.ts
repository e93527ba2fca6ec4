import { sql } from 'kysely'
import type { Keyring } from '../../kernel/keyring.ts'
import type { Database } from '../../storage/database.ts'
import { rowSet } from '../../storage/row-set.ts'
import { type ErasedOfSite, erasureHash, isErased } from './recognise-erased.ts'
import { mayName, withoutNames } from './without-names.ts'

/**
 * People who were erased. In everything that still excludes them, a keyed hash replaces their address and its key;
 * nobody who lacks the secret key can tell whose it is. What comes in about them later is written under the hash too.
 */
export interface ErasedPeople {
  /** The hashes that stand for those of the address keys whose owners were erased, in one of the sites or in any. */
  find(addressKeys: readonly string[], siteIds?: readonly number[]): Promise<ReadonlyMap<string, string>>
  /**
   * Texts, or objects of texts, made fit to be written: with hashes in place of the erased people whom they name, in
   * one of the sites or in any. `but` is the key of the person whom they are about: whoever comes back by their own
   * wish is known again.
   */
  without<T>(values: readonly T[], siteIds?: readonly number[], but?: string): Promise<readonly T[]>
  /**
   * Changes made fit to be written: under the hash where the list belongs to a site that erased the recipient, and
   * naming nobody else whom that site erased.
   */
  replace<T extends AboutRecipient>(changes: readonly T[]): Promise<readonly T[]>
  /** Everybody whom a site erased; undefined when it erased nobody. */
  ofSite(siteId: number): Promise<ErasedOfSite | undefined>
  /** Those whom a site erased since `before` was read; undefined when nobody was. */
  since(siteId: number, before: ErasedOfSite | undefined): Promise<ErasedOfSite | undefined>
  /** Whether anybody was erased, in any site. */
  isSomeone(): Promise<boolean>
  /** The hash that will stand for the address key, and the id of the secret key that makes it. */
  placeholder(addressKey: string): Promise<{ hash: string; keyId: string }>
  /** To be called once somebody is marked as erased. */
  noted(): void
}

interface AboutRecipient {
  listId: number
  recipient: { address: string; key: string }
}

const HASHES_PER_READ = 10_000

/** For uses in which nobody can have been erased. */
export const NOBODY_ERASED: Pick<
  ErasedPeople,
  'find' | 'ofSite' | 'since' | 'replace' | 'isSomeone' | 'without'
> = {
  isSomeone: async () => false,
  ofSite: async () => undefined,
  since: async () => undefined,
  find: async () => new Map(),
  without: async (values) => values,
  replace: async (changes) => changes,
}

export function createErasedPeople(database: Database, keyring: Keyring): ErasedPeople {
  const { query } = database
  let someone: boolean | undefined
  let keyId: string | undefined

  /** On SQLite this process is the only one; on PostgreSQL another one may just have erased the first person. */
  const isSomeone = async () => {
    if (someone === undefined || (!someone && database.engine === 'postgres')) {
      const [row] = await database.read(query.selectFrom('erased').select('site_id').limit(1))
      someone ||= row !== undefined
    }
    return someone
  }

  /** Chosen by the first erasure and never changed: whoever was hashed with it must stay excluded. */
  const erasureKeyId = async () => {
    if (keyId !== undefined) return keyId
    const chosen = query.selectFrom('secret_key').select('id').where('purpose', '=', 'erasure')
    await database.transact([
      query
        .updateTable('secret_key')
        .set({ purpose: 'erasure' })
        .where('id', '=', keyring.newest.id)
        .where(sql<boolean>`not exists (select 1 from secret_key where purpose = 'erasure')`),
    ])
    const [row] = await database.read(chosen.orderBy('created_at').orderBy('id').limit(1))
    if (!row) throw new Error('the installation does not know its newest secret key')
    keyId = row.id
    return keyId
  }

  const secretOf = (id: string) => {
    const keys = keyring.get(id)
    if (!keys) throw new Error(`the key ${id}, by which people were erased, is missing`)
    return keys.erasure
  }

  const people: ErasedPeople = {
    isSomeone,
    find: async (addressKeys, siteIds) => {
      if (addressKeys.length === 0 || !(await isSomeone())) return new Map()
      const hashOf = erasureHash(secretOf(await erasureKeyId()))
      const byHash = new Map(addressKeys.map((key) => [hashOf(key), key]))
      const rows = [...byHash.keys()].map((address_key) => ({ address_key }))
      const wanted = rowSet(database, 'wanted', { address_key: 'text' }, rows)
      const sites = siteIds ?? (await sitesWithErased(database))
      const found = await Promise.all(
        sites.map((siteId) =>
          database.read(
            query
              .selectFrom(wanted)
              .crossJoin('erased as e')
              .where('e.site_id', '=', siteId)
              .whereRef('e.address_key', '=', 'wanted.address_key')
              .select('e.address_key'),
          ),
        ),
      )
      return new Map(
        found.flat().map(({ address_key }) => [byHash.get(address_key) as string, address_key] as const),
      )
    },
    ofSite: async (siteId) => {
      const hashes = (await isSomeone()) ? await hashesOf(database, siteId) : []
      return hashes.length === 0 ? undefined : { secret: secretOf(await erasureKeyId()), hashes }
    },
    since: async (siteId, before) => {
      const count = (await isSomeone()) ? await countOf(database, siteId) : 0
      if (count === (before?.hashes.length ?? 0)) return undefined
      const known = new Set(before?.hashes)
      const hashes = (await hashesOf(database, siteId)).filter((hash) => !known.has(hash))
      return hashes.length === 0 ? undefined : { secret: secretOf(await erasureKeyId()), hashes }
    },
    replace: async <T extends AboutRecipient>(changes: readonly T[]) => {
      if (changes.length === 0 || !(await isSomeone())) return changes
      const sites = await sitesOfLists(
        database,
        changes.map(({ listId }) => listId),
      )
      const bySite = Map.groupBy(changes, ({ listId }) => sites.get(listId) ?? 0)
      const hashes = new Map<number, ReadonlyMap<string, string>>()
      const nameless = new Map<T, T>()
      for (const [siteId, some] of bySite) {
        const keys = some.map(({ recipient }) => recipient.key)
        hashes.set(siteId, await people.find(keys, [siteId]))
        const texts = await people.without(some.map(textsOf), [siteId])
        for (const [index, change] of some.entries()) nameless.set(change, { ...change, ...texts[index] })
      }
      return changes.map((given) => {
        const change = nameless.get(given) ?? given
        const hashed = hashes.get(sites.get(change.listId) ?? 0)?.get(change.recipient.key)
        if (hashed !== undefined) return withoutTraces(change, hashed)
        // A message to them has the hash already; what is reported about it may still name them.
        return isErased(change.recipient.key) ? withoutTraces(change, change.recipient.key) : change
      })
    },
    without: async (values, siteIds, but) => {
      if (!values.some(mayName) || !(await isSomeone())) return values
      return withoutNames(values, async (named) => {
        const hashes = new Map(await people.find(named, siteIds))
        if (but !== undefined) hashes.delete(but)
        return hashes
      })
    },
    placeholder: async (addressKey) => {
      const id = await erasureKeyId()
      return { hash: erasureHash(secretOf(id))(addressKey), keyId: id }
    },
    noted: () => {
      someone = true
    },
  }
  return people
}

/** A Message-ID that this server made, which consists of numbers. */
const OURS = /^\d+\.\d+@/

/**
 * The texts of a change that come from outside: what somebody sent, and a Message-ID that somebody else gave to a mail.
 */
function textsOf(change: object): { evidence?: unknown; messageId?: unknown } {
  const evidence = 'evidence' in change ? { evidence: change.evidence } : {}
  const isForeign =
    'messageId' in change && typeof change.messageId === 'string' && !OURS.test(change.messageId)
  return isForeign ? { ...evidence, messageId: change.messageId } : evidence
}

/** Without evidence, which tells where a person was and what they used. */
function withoutTraces<T extends AboutRecipient>(change: T, hash: string): T {
  const evidence = 'evidence' in change ? { evidence: null } : {}
  return { ...change, ...evidence, recipient: { ...change.recipient, address: hash, key: hash } }
}

async function countOf({ query, read }: Database, siteId: number): Promise<number> {
  const erased = query.selectFrom('erased').where('site_id', '=', siteId)
  const [row] = await read(erased.select(({ fn }) => fn.countAll<number>().as('count')))
  return row?.count ?? 0
}

async function hashesOf(database: Database, siteId: number): Promise<string[]> {
  const erased = database.query.selectFrom('erased').select('address_key').where('site_id', '=', siteId)
  const hashes: string[] = []
  for (;;) {
    const page = erased.where('address_key', '>', hashes.at(-1) ?? '').orderBy('address_key')
    const rows = await database.read(page.limit(HASHES_PER_READ))
    for (const { address_key } of rows) hashes.push(address_key)
    if (rows.length < HASHES_PER_READ) return hashes
  }
}

async function sitesWithErased(database: Database): Promise<number[]> {
  const rows = await database.read(database.query.selectFrom('erased').select('site_id').distinct())
  return rows.map(({ site_id }) => site_id)
}

async function sitesOfLists(database: Database, listIds: readonly number[]): Promise<Map<number, number>> {
  const rows = [...new Set(listIds)].map((id) => ({ id }))
  const wanted = rowSet(database, 'wanted', { id: 'integer' }, rows)
  const found = await database.read(
    database.query
      .selectFrom(wanted)
      .crossJoin('list as l')
      .crossJoin('service as s')
      .whereRef('l.id', '=', 'wanted.id')
      .whereRef('s.id', '=', 'l.service_id')
      .select(['l.id', 's.site_id']),
  )
  return new Map(found.map(({ id, site_id }) => [id, site_id]))
}
