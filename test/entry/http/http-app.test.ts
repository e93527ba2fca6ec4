import assert from 'node:assert/strict'
import { test } from 'node:test'
import { install } from '../../support/installation.ts'

test('a path that cannot be routed is answered as its interface answers, and is not repeated', async (t) => {
  const { url } = await install(t, 'sqlite', { serves: 'http' })
  const long = 'taro@example.jp'.repeat(20)
  for (const path of ['/api/v1/services/%zz/senders', `/api/v1/services/10/filters/${long}`]) {
    const response = await fetch(url + path, { method: 'DELETE' })
    const text = await response.text()
    assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/)
    assert.deepEqual([response.status, JSON.parse(text).code], [404, 'not-found'])
    assert.doesNotMatch(text, /zz|taro/)
  }
  const elsewhere = await fetch(`${url}/taro%zz`)
  assert.deepEqual([elsewhere.status, await elsewhere.text()], [400, ''])
})
