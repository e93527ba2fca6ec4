import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startNativeApi } from '../dialects/native/native-api.ts'
import { forEachEngine } from '../support/engines.ts'

forEachEngine((engine) => {
  it('an import writes an event for each whom it changes, with the state before, and none for the others', async (t) => {
    const world = await startNativeApi(t, { engine })
    const { call } = world
    const [listed, resumed, fresh] = ['listed@example.jp', 'resumed@example.jp', 'Fresh@example.jp']
    const list = 'blocklist'
    await call('POST', '/services/10/suppressions', { list, addresses: [listed, resumed] })
    world.time.now += 1_000
    await call('POST', '/services/10/suppressions/resume', { list, addresses: [resumed] })
    world.time.now += 1_000
    const importedAt = new Date(world.time.now).toISOString()
    const path = `/services/10/imports?list=${list}&action=add&format=text`
    const rows = [listed, resumed, fresh].join('\n')
    const { body } = await call('POST', path, rows, { 'content-type': 'text/plain' })
    for (;;) {
      const { body: view } = await call('GET', `/services/10/imports/${body.id}`)
      if (view.state !== 'done') {
        await sleep(5)
        continue
      }
      assert.deepEqual([view.rows.applied, view.rows.changed, view.rows.unchanged], [3, 2, 1])
      break
    }
    const eventsOf = async (address: string) =>
      (await call('POST', '/services/10/timeline', { address })).body.events.map(
        ({ kind, source, address, requestedAt }: Record<string, string>) => [
          kind,
          source,
          address,
          requestedAt,
        ],
      )
    assert.equal((await eventsOf(listed)).length, 1)
    assert.deepEqual(await eventsOf(fresh.toLowerCase()), [['stop', 'import', fresh, importedAt]])
    const history = await eventsOf(resumed)
    assert.deepEqual(history.map(([kind, source]: string[]) => `${kind} by ${source}`).sort(), [
      'resume by api',
      'stop by api',
      'stop by import',
    ])
  })
})
