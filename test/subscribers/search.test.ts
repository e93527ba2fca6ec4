import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { rowSet } from '../../src/storage/row-set.ts'
import { searchSubscribers } from '../../src/subscribers/search.ts'
import { sharedDatabase } from '../storage/shared-database.ts'
import { forEachEngine } from '../support/engines.ts'
import { someSubscribers } from './some-subscribers.ts'

forEachEngine((engine) => {
  const database = sharedDatabase(engine)

  it('looks at so many people a page, and goes on where it ended', async () => {
    const { service } = await someSubscribers(database())
    const rows = Array.from({ length: 2_500 }, (_, index) => ({
      key: `person${String(index).padStart(5, '0')}@example.jp`,
      state: index === 2_400 ? 'left' : 'joined',
    }))
    const given = rowSet(database(), 'given', { key: 'text', state: 'text' }, rows)
    const [id, site] = [sql.lit(service.id), sql.lit(service.siteId)]
    const people = sql`insert into subscriber (address_key, site_id, address, attributes_json, created_at, updated_at)
      select key, ${site}, key, '{}', 0, 0 from ${given}`
    const memberships = sql`insert into subscriber_membership (address_key, service_id, site_id, state, since, via)
      select key, ${id}, ${site}, state, 0, 'api' from ${given}`
    const compiled = [people, memberships].map((insert) => ({
      compile: () => insert.compile(database().query),
    }))
    await database().transact(compiled)
    const search = { service, membership: 'left', limit: 10 } as const
    const first = await searchSubscribers(database(), search)
    assert.deepEqual([first.items, first.next !== null], [[], true])
    const second = await searchSubscribers(database(), { ...search, cursor: first.next ?? '' })
    assert.deepEqual(
      [second.items.map(({ address }) => address), second.next],
      [['person02400@example.jp'], null],
    )
    const all = await searchSubscribers(database(), { service, contains: 'PERSON024', limit: 1_000 })
    assert.deepEqual([all.items.length, all.next], [100, null])
  })
})
