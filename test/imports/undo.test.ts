import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startNativeApi } from '../dialects/native/native-api.ts'
import { forEachEngine } from '../support/engines.ts'
import { fc, runs } from '../support/properties.ts'

const EVERYONE = ['a', 'b', 'c', 'd'].map((name) => `${name}@example.jp`)
const USUAL_RUNS = 8

const some = fc.subarray(EVERYONE, { minLength: 1 })
const operation = fc.oneof(
  fc.record({ kind: fc.constantFrom('add' as const, 'remove' as const), who: some }),
  fc.record({ kind: fc.constantFrom('stop' as const, 'resume' as const), who: some }),
  fc.record({ kind: fc.constant('undo' as const), which: fc.nat(3) }),
)
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never

/** What imports, requests and undoing should come to, said as plainly as can be. */
class Model {
  readonly excluded = new Map<string, boolean>()
  /** Grows with everything that asks something of a recipient. */
  readonly version = new Map<string, number>()
  readonly imports: Map<string, { before: boolean; version: number }>[] = []

  ask(who: readonly string[], excludes: boolean): Map<string, { before: boolean; version: number }> {
    const changed = new Map<string, { before: boolean; version: number }>()
    for (const address of who) {
      const before = this.excluded.get(address) ?? false
      if (!before && !excludes) continue
      const version = (this.version.get(address) ?? 0) + 1
      this.version.set(address, version)
      this.excluded.set(address, excludes)
      if (before !== excludes) changed.set(address, { before, version })
    }
    return changed
  }

  undo(changed: Map<string, { before: boolean; version: number }>): number {
    const unchanged = [...changed].filter(([address, { version }]) => this.version.get(address) === version)
    for (const [address, { before, version }] of unchanged) {
      this.excluded.set(address, before)
      this.version.set(address, version + 1)
    }
    return unchanged.length
  }
}

forEachEngine((engine) => {
  it('undoes what nothing has changed since, whatever the history', async (t) => {
    const world = await startNativeApi(t, { engine })
    const { call } = world
    let run = 0

    const check = async (operations: Operation[]) => {
      const list = `sender:run${++run}@example.com`
      await call('POST', '/services/10/senders', { address: `run${run}@example.com`, oneClick: false })
      const model = new Model()
      const ids: number[] = []
      for (const step of operations) {
        world.time.now += 1_000
        if (step.kind === 'undo') {
          const changed = model.imports[step.which]
          if (!changed || changed.size === 0) continue
          const id = ids[step.which] as number
          await call('POST', `/services/10/imports/${id}/undo`)
          const { undo } = await ended(id)
          assert.equal(undo.undone, model.undo(changed))
          changed.clear()
        } else if (step.kind === 'add' || step.kind === 'remove') {
          const changed = model.ask(step.who, step.kind === 'add')
          const path = `/services/10/imports?list=${list}&action=${step.kind}&format=text`
          const { body } = await call('POST', path, step.who.join('\n'), { 'content-type': 'text/plain' })
          ids.push(body.id)
          model.imports.push(changed)
          assert.equal((await ended(body.id)).rows.changed, changed.size)
        } else {
          model.ask(step.who, step.kind === 'stop')
          const path = step.kind === 'stop' ? 'suppressions' : 'suppressions/resume'
          await call('POST', `/services/10/${path}`, { list, addresses: step.who })
        }
      }
      const { body } = await call('POST', '/services/10/check', {
        from: `run${run}@example.com`,
        recipients: EVERYONE,
      })
      const expected = EVERYONE.filter((address) => !model.excluded.get(address))
      assert.deepEqual(body.deliverable, expected)
    }

    async function ended(id: number) {
      for (;;) {
        const { body } = await call('GET', `/services/10/imports/${id}`)
        if (['done', 'undone', 'failed'].includes(body.state)) return body
        await sleep(5)
      }
    }

    const operations = fc.array(operation, { minLength: 3, maxLength: 8 })
    await fc.assert(fc.asyncProperty(operations, check), {
      numRuns: runs(USUAL_RUNS),
      endOnFailure: true,
    })
  })
})
