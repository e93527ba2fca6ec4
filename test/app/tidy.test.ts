import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { tidy } from '../../src/app/tidy.ts'
import { recordAudit } from '../../src/audit/audit.ts'
import { DAY_MS } from '../../src/kernel/clock.ts'
import { install } from '../support/installation.ts'

it('removes what it can where one kind of it cannot be removed', async (t) => {
  const { capabilities, time } = await install(t, 'sqlite')
  const { config, database, ids } = capabilities
  const entry = { actor: 'operator', siteId: null, subject: '', detail: {} }
  const at = time.now - config.auditDays * DAY_MS - 1
  await recordAudit(database, ids.audit, { ...entry, at, action: 'keys.rotate' })
  await database.transact([{ compile: () => sql`drop table agreement`.compile(database.query) }])
  await tidy(capabilities, time.now, new AbortController().signal)
  const left = database.query.selectFrom('audit_entry').select('at').where('at', '=', at)
  assert.deepEqual(await database.read(left), [])
})
