import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createErrorCountParts } from '../../../../src/entry/http/parts/error-count-parts.ts'
import { readTimeline } from '../../../../src/suppression/reading/timeline.ts'
import { resolveList } from '../../../../src/tenants/list.ts'
import { addTenant, install } from '../../../support/installation.ts'

for (const [actor, source] of [
  ['person:a@example.com', 'console'],
  ['operator', 'cli'],
  ['api:a@example.com', 'api'],
] as const) {
  it(`tells of a count that ${actor} set by which way it came: ${source}`, async (t) => {
    const installation = await install(t, 'sqlite')
    const { capabilities } = installation
    const { service } = await addTenant(installation)
    const { set } = createErrorCountParts({ ...capabilities, record: async () => {} })
    await set(service, [{ recipient: { address: 'b@example.jp', key: 'b@example.jp' }, count: 99 }], actor)
    const list = await resolveList(capabilities.database, service.id, 'hard-bounces')
    const { events } = await readTimeline(capabilities.database, [list], 'b@example.jp')
    assert.deepEqual(
      events.map((event) => [event.reason, event.source]),
      [['error-count', source]],
    )
  })
}
