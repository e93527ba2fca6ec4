import assert from 'node:assert/strict'
import { it } from 'node:test'
import { findKeptMails } from '../../src/inbound/kept-mails.ts'
import { planOf } from '../storage/plan-of.ts'
import { sharedDatabase } from '../storage/shared-database.ts'
import { forEachEngine } from '../support/engines.ts'

forEachEngine((engine) => {
  const database = sharedDatabase(engine)

  // PostgreSQL's plans depend on statistics; SQLite's are the same on every machine.
  const onSqlite = engine.name === 'sqlite' ? it : () => {}
  onSqlite('seeks the mails that came to one end, however many came to others', async () => {
    for (const whose of [1, 'nobody'] as const) {
      const plan = await planOf(database(), (spied) =>
        findKeptMails(spied, whose, { outcome: 'complaint', before: 9, limit: 10 }),
      )
      assert.match(plan, /USING INDEX inbound_by_outcome \(service_id=\? AND outcome>\? AND outcome<\?\)/)
      assert.doesNotMatch(plan, /SCAN|TEMP B-TREE/)
    }
  })
})
