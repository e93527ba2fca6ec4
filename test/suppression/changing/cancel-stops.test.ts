import assert from 'node:assert/strict'
import { it } from 'node:test'
import { DAY_MS } from '../../../src/kernel/clock.ts'
import { mistakesOf } from '../../../src/kernel/mistakes.ts'
import { applyPending } from '../../../src/suppression/changing/pending-resumes.ts'
import { updateService } from '../../../src/tenants/service.ts'
import { forEachEngine } from '../../support/engines.ts'
import { addTenant, type Installation, NOON, sharedInstallation } from '../../support/installation.ts'
import { stop } from '../changes.ts'

const HOUR_MS = 3_600_000
const signal = new AbortController().signal

forEachEngine((engine) => {
  const installation = sharedInstallation(engine.name)

  it('takes back the stops of all, on every list that is named, case aside', async () => {
    const { tenant, cancel, timeline } = await begin(installation())
    const filter = await tenant.addFilter({ name: 'Tips', header: 'X-List', pattern: 'tips', match: 'exact' })
    await tenant.stop('sender:news@example.com', 'a@example.jp', 'b@example.jp', 'c@example.jp')
    await tenant.stop('filter:Tips', 'a@example.jp')
    await cancel(['A@Example.JP', 'b@example.jp'], [tenant.list.id, filter.id])
    assert.deepEqual(
      await Promise.all(['a', 'b', 'c'].map((name) => tenant.wouldMail(`${name}@example.jp`))),
      [true, true, false],
    )
    assert.deepEqual(await timeline('a@example.jp'), ['stop', 'stop', 'resume', 'resume'])
  })

  it('changes nothing when one is on none of the lists, and names all of those', async () => {
    const { tenant, cancel, cancelStops } = await begin(installation())
    await tenant.stop('sender:news@example.com', 'a@example.jp')
    await tenant.stop('hard-bounces', 'b@example.jp')
    const addresses = ['x@example.jp', 'a@example.jp', 'b@example.jp', 'no address']
    await assert.rejects(cancel(addresses), (error) => {
      const mistakes = mistakesOf(error as never)
      assert.deepEqual(
        mistakes.map(({ code, field }) => `${code} ${field}`),
        ['not-listed addresses[0]', 'not-listed addresses[2]', 'not-listed addresses[3]'],
      )
      return true
    })
    assert.deepEqual(await cancelStops.missing({ lists: [tenant.list], addresses }), [0, 2, 3])
    assert.equal(await tenant.wouldMail('a@example.jp'), false)
  })

  it('finds nobody whose stop has lapsed or was taken back', async () => {
    const world = await begin(installation())
    await world.tenant.stop('sender:news@example.com', 'a@example.jp', 'b@example.jp')
    await world.cancel(['a@example.jp'])
    assert.deepEqual(await world.missing('a@example.jp', 'b@example.jp'), [0])
    world.time.now += 90 * DAY_MS
    assert.deepEqual(await world.missing('a@example.jp', 'b@example.jp'), [0, 1])
  })

  it('has a daily cancellation wait for its hour in the zone of the service', async () => {
    const world = await begin(installation(), 'daily 03:00')
    await world.tenant.stop('sender:news@example.com', 'a@example.jp')
    await world.cancel(['a@example.jp'])
    assert.equal(await world.apply(), 0)
    assert.equal(await world.tenant.wouldMail('a@example.jp'), false)
    world.time.now = NOON + 15 * HOUR_MS - 1
    assert.equal(await world.apply(), 0)
    world.time.now += 1
    assert.equal(await world.apply(), 1)
    assert.equal(await world.tenant.wouldMail('a@example.jp'), true)
    assert.equal(await world.apply(), 0)
  })

  it('does not wait where the caller wants it now', async () => {
    const world = await begin(installation(), 'daily 03:00')
    await world.tenant.stop('sender:news@example.com', 'a@example.jp')
    await world.cancelStops.cancel({ ...world.request(['a@example.jp']), when: 'now' })
    assert.equal(await world.tenant.wouldMail('a@example.jp'), true)
  })

  it('catches up an hour that passed while nobody was here, once', async () => {
    const world = await begin(installation(), 'daily 03:00')
    await world.tenant.stop('sender:news@example.com', 'a@example.jp')
    await world.cancel(['a@example.jp'])
    world.time.now += 5 * DAY_MS
    await Promise.all([world.apply(), world.apply()])
    assert.equal(await world.tenant.wouldMail('a@example.jp'), true)
    assert.deepEqual(await world.timeline('a@example.jp'), ['stop', 'resume'])
  })

  it('leaves excluded whoever asked to stop again in the meantime', async () => {
    const world = await begin(installation(), 'daily 03:00')
    await world.tenant.stop('sender:news@example.com', 'a@example.jp', 'b@example.jp')
    await world.cancel(['a@example.jp', 'b@example.jp'])
    world.time.now += HOUR_MS
    await world.tenant.stop('sender:news@example.com', 'a@example.jp')
    world.time.now += DAY_MS
    assert.equal(await world.apply(), 2)
    assert.equal(await world.tenant.wouldMail('a@example.jp'), false)
    assert.equal(await world.tenant.wouldMail('b@example.jp'), true)
    assert.deepEqual(await world.timeline('a@example.jp'), ['stop'])
  })

  it('takes back the newer stop too when that is cancelled as well, at the next hour', async () => {
    const world = await begin(installation(), 'daily 03:00')
    await world.tenant.stop('sender:news@example.com', 'a@example.jp')
    await world.cancel(['a@example.jp'])
    world.time.now += HOUR_MS
    await world.tenant.stop('sender:news@example.com', 'a@example.jp')
    await world.cancel(['a@example.jp'])
    world.time.now += DAY_MS
    assert.equal(await world.apply(), 1)
    assert.equal(await world.tenant.wouldMail('a@example.jp'), true)
  })

  it('goes by the hour that the service has when it comes', async () => {
    const world = await begin(installation(), 'daily 03:00')
    await world.tenant.stop('sender:news@example.com', 'a@example.jp')
    await world.cancel(['a@example.jp'])
    const { database } = installation().capabilities
    await updateService(database, world.tenant.service.id, { settings: { cancelMode: 'immediate' } })
    assert.equal(await world.apply(), 1)
    assert.equal(await world.tenant.wouldMail('a@example.jp'), true)
  })

  it('carries out more than one transaction takes', async () => {
    const world = await begin(installation(), 'daily 03:00')
    const many = Array.from({ length: 1_000 }, (_, index) => `u${index}@example.jp`)
    await world.tenant.stop('sender:news@example.com', ...many)
    await world.cancel(many)
    world.time.now += DAY_MS
    assert.equal(await world.apply(), 1_000)
    assert.deepEqual(await world.missing(...many), [...many.keys()])
  })

  it('keeps a request to stop that is recorded at the same time', async () => {
    const world = await begin(installation(), 'daily 03:00')
    await world.tenant.stop('sender:news@example.com', 'a@example.jp')
    await world.cancel(['a@example.jp'])
    const { recorder } = installation().capabilities
    // A link used before the cancellation whose request waited on disk until now.
    const late = stop(world.tenant.list.id, 'a@example.jp', {
      requestedAt: world.time.now + 1,
      messageId: '7.1@x',
    })
    world.time.now += DAY_MS
    await Promise.all([recorder.record(late), world.apply()])
    await recorder.record(late)
    assert.equal(await world.tenant.wouldMail('a@example.jp'), false)
  })
})

async function begin({ capabilities, time, ...rest }: Installation, cancelMode = 'immediate') {
  time.now = NOON
  const tenant = await addTenant({ capabilities, time, ...rest }, { settings: { cancelMode } })
  const { cancelStops, database } = capabilities
  const request = (addresses: string[], listIds = [tenant.list.id]) => ({
    service: tenant.service,
    lists: listIds.map((id) => ({ id })),
    addresses,
    source: 'api' as const,
    when: 'as-the-service-says' as const,
  })
  return {
    tenant,
    time,
    cancelStops,
    request,
    cancel: (addresses: string[], listIds?: number[]) => cancelStops.cancel(request(addresses, listIds)),
    missing: (...addresses: string[]) => cancelStops.missing({ lists: [tenant.list], addresses }),
    apply: () => applyPending(database, time.now, { signal }),
    timeline: async (address: string) => {
      const events = await database.read(
        database.query
          .selectFrom('event')
          .innerJoin('list', 'list.id', 'event.list_id')
          .select('event.kind')
          .where('service_id', '=', tenant.service.id)
          .where('address_key', '=', address)
          .orderBy('recorded_at')
          .orderBy('event.kind', 'desc'),
      )
      return events.map(({ kind }) => kind)
    },
  }
}
