import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { addTenant, install } from '../../support/installation.ts'
import { startPostgres } from '../../support/postgres.ts'

describe('the health of a server', () => {
  it('is well as long as it runs, and ready only while its database takes mail', async (t) => {
    const server = await startPostgres({ dedicated: true })
    t.after(() => server.stop())
    const { url, capabilities } = await install(t, 'postgres', { databaseUrl: server.url, serves: 'http' })
    const ask = async (path: string) => {
      const response = await fetch(url + path)
      return [response.status, await response.json()]
    }
    assert.deepEqual(await ask('/healthz'), [200, { status: 'ok' }])
    assert.deepEqual(await ask('/readyz'), [200, { status: 'ready', database: 'ok', journal: 'empty' }])

    await server.stop()
    assert.deepEqual(await ask('/healthz'), [200, { status: 'ok' }])
    const away = { status: 'not ready', database: 'unavailable', journal: 'empty' }
    assert.deepEqual(await ask('/readyz'), [503, away])
    const target = { kind: 'token', classId: 'a'.repeat(16), token: 'x' } as const
    const evidence = { method: 'POST', clientAddress: '', userAgent: null }
    await capabilities.publicParts.journal.append({ target, receivedAt: 0, evidence, source: 'page' })
    assert.deepEqual(await ask('/readyz'), [503, { ...away, journal: 'pending' }])

    await server.start()
    const deadline = Date.now() + 10_000
    while ((await ask('/readyz'))[0] !== 200) assert.ok(Date.now() < deadline)
  })

  it('is told in figures to the machine itself and not to whom a proxy brings', async (t) => {
    const installation = await install(t, 'sqlite', { serves: 'http' })
    const { url, capabilities } = installation
    const tenant = await addTenant(installation)
    await tenant.stop('blocklist', 'blocked@example.com')
    await capabilities.acceptDelivery({
      service: tenant.service,
      createdBy: '',
      from: { address: 'news@example.com' },
      subject: '',
      text: '',
      recipients: [{ to: 'a@example.com' }, { to: 'blocked@example.com' }],
      transactional: false,
    })
    await fetch(url + new URL(tenant.linkOf('a@example.com')).pathname, { method: 'POST' })
    installation.time.now += 5_000

    const response = await fetch(`${url}/metrics`)
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain/)
    const figures = await response.text()
    for (const line of [
      'kaijo_unsubscribe_requests_total{outcome="excluded"} 1',
      'kaijo_request_to_exclusion_seconds_count 1',
      'kaijo_excluded_total{list="blocklist"} 1',
      'kaijo_outbox_messages 1',
      'kaijo_outbox_oldest_seconds 5',
      'kaijo_recorder_waiting 0',
      'kaijo_journal_pending 0',
    ]) {
      assert.ok(figures.split('\n').includes(line), line)
    }
    assert.ok(!figures.includes('example.com'))
    for (const header of ['X-Forwarded-For', 'Forwarded']) {
      const forwarded = await fetch(`${url}/metrics`, { headers: { [header]: '198.51.100.7' } })
      assert.equal(forwarded.status, 403)
    }
  })
})
