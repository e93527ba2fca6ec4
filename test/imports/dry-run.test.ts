import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { DAY_MS } from '../../src/kernel/clock.ts'
import { startNativeApi } from '../dialects/native/native-api.ts'
import { forEachEngine } from '../support/engines.ts'
import { fc, runs } from '../support/properties.ts'

const EVERYONE = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}@example.jp`)
const USUAL_RUNS = 12

const some = fc.subarray(EVERYONE, { minLength: 1 })
const list = fc.constantFrom('own' as const, 'blocklist' as const)
const event = fc.oneof(
  fc.record({ kind: fc.constantFrom('suppressions', 'suppressions/resume'), list, who: some }),
  fc.record({ kind: fc.constant('import' as const), list, who: some }),
  fc.record({ kind: fc.constant('undo' as const) }),
  fc.record({ kind: fc.constant('wait' as const), days: fc.constantFrom(1, 45, 91) }),
)
const row = fc.record({
  who: fc.constantFrom(...EVERYONE),
  list,
  daysAgo: fc.constantFrom(0, 1, 60, 100),
  message: fc.constantFrom('', '1.1@example.com', '2.2@example.com'),
})
const file = fc.oneof(
  fc.record({
    kind: fc.constant('text' as const),
    action: fc.constantFrom('add', 'remove'),
    list,
    who: some,
  }),
  fc.record({ kind: fc.constant('csv' as const), action: fc.constantFrom('add', 'remove'), list, who: some }),
  fc.record({ kind: fc.constant('lists' as const), rows: fc.array(row, { minLength: 1, maxLength: 8 }) }),
)

forEachEngine((engine) => {
  it('a dry run tells what the import then changes, whatever the history and the format', async (t) => {
    const world = await startNativeApi(t, { engine })
    const { call, time } = world
    let run = 0

    const check = async (history: readonly Event[], given: File) => {
      const sender = `dry${++run}@example.com`
      const named = (which: 'own' | 'blocklist') => (which === 'own' ? `sender:${sender}` : which)
      await call('POST', '/services/10/senders', { address: sender, oneClick: false })
      await call('POST', '/services/10/suppressions/resume', { list: 'blocklist', addresses: EVERYONE })
      let latest: number | undefined
      for (const past of history) {
        time.now += 1_000
        if (past.kind === 'wait') time.now += past.days * DAY_MS
        else if (past.kind === 'undo') {
          if (latest !== undefined) await call('POST', `/services/10/imports/${latest}/undo`)
          if (latest !== undefined) await ended(latest)
        } else if (past.kind === 'import') {
          latest = (await imported(`list=${named(past.list)}&action=add`, `email\n${past.who.join('\n')}`)).id
        } else {
          await call('POST', `/services/10/${past.kind}`, { list: named(past.list), addresses: past.who })
        }
      }
      time.now += 1_000
      const { query, text } = asFile(given, named, time.now)
      const dry = await imported(`${query}&dryRun=true`, text)
      const real = await imported(query, text)
      assert.deepEqual([dry.state, real.state], ['done', 'done'])
      assert.deepEqual(dry.rows, real.rows)
      assert.deepEqual(dry.lists, real.lists)
      assert.equal(dry.sample.length, real.rows.changed)
    }

    async function imported(query: string, text: string) {
      const { body } = await call('POST', `/services/10/imports?${query}`, text, {
        'content-type': 'text/csv',
      })
      return ended(body.id)
    }

    async function ended(id: number) {
      for (;;) {
        const { body } = await call('GET', `/services/10/imports/${id}`)
        if (['done', 'undone', 'failed'].includes(body.state)) return body
        await sleep(5)
      }
    }

    const history = fc.array(event, { maxLength: 6 })
    await fc.assert(fc.asyncProperty(history, file, check), {
      numRuns: runs(USUAL_RUNS),
      endOnFailure: true,
    })
  })
})

type Event = typeof event extends fc.Arbitrary<infer T> ? T : never
type File = typeof file extends fc.Arbitrary<infer T> ? T : never

function asFile(given: File, named: (which: 'own' | 'blocklist') => string, now: number) {
  if (given.kind === 'lists') {
    const lines = given.rows.map(({ who, list: which, daysAgo, message }) => {
      const asked = new Date(now - daysAgo * DAY_MS).toISOString()
      return [who, 'unsubscribed', asked, asked, 'active', named(which), message].join(',')
    })
    const head = 'address,reason,since,requestedAt,state,list,messageId'
    return { query: 'list=auto&action=add', text: [head, ...lines].join('\n') }
  }
  const query = `list=${named(given.list)}&action=${given.action}`
  return given.kind === 'text'
    ? { query: `${query}&format=text`, text: given.who.join('\n') }
    : { query, text: ['name,email', ...given.who.map((who) => `x,${who}`)].join('\n') }
}
