import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createForm } from '../../../src/subscribers/forms/form.ts'
import { addTenant, install } from '../../support/installation.ts'
import { startPostgres } from '../../support/postgres.ts'
import { until } from './public-requests.ts'

it('a form that was open keeps what was entered while the database is away, and takes it when it is back', async (t) => {
  const server = await startPostgres({ dedicated: true })
  t.after(() => server.stop())
  const installation = await install(t, 'postgres', { databaseUrl: server.url, serves: 'http' })
  const { url, capabilities } = installation
  const { service } = await addTenant(installation)
  const request = { texts: { en: { title: 'Newsletter', done: 'Welcome.' } }, doubleOptIn: false, now: 1 }
  const [form, unmet] = await Promise.all(
    ['open', 'unmet'].map((name) => createForm(capabilities.database, service, { ...request, name })),
  )
  const open = (id = '') => fetch(`${url}/-/form/${id}`)
  const enter = () =>
    fetch(`${url}/-/form/${form?.id}`, {
      method: 'POST',
      body: new URLSearchParams({ address: 'taro@example.jp' }),
    })
  assert.equal((await open(form?.id)).status, 200)

  await server.stop()
  assert.equal((await open(form?.id)).status, 200)
  const refused = await enter()
  assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '60'])
  assert.match(await refused.text(), /not possible at the moment[\s\S]*value="taro@example\.jp"/)
  assert.equal((await open(unmet?.id)).status, 503)

  await server.start()
  await until(async () => (await enter()).status === 200)
})
