import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inboundCheck } from '../../../../src/entry/cli/doctor/inbound.ts'

const CONFIG = {
  inboundListen: { host: '127.0.0.1', port: 2526 },
  inboundProtocol: 'lmtp',
  services: new Set(['inbound' as const]),
} as const

const run = async (resolveMx: () => Promise<{ exchange: string; priority: number }[]>, config = CONFIG) =>
  [await inboundCheck(config, 'in.example.com', resolveMx).run()].flat()[0]

const fails = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }))

describe('inbound mail', () => {
  it('goes where the MX record says', async () => {
    const finding = await run(async () => [{ exchange: 'mx.example.com', priority: 10 }])
    assert.equal(finding?.status, 'ok')
    assert.match(finding?.detail ?? '', /goes to mx\.example\.com; lmtp:\/\/127\.0\.0\.1:2526 is here/)
  })

  it('is lost without one', async () => {
    for (const nothing of [async () => [], fails('ENODATA'), fails('ENOTFOUND')]) {
      const finding = await run(nothing)
      assert.equal(finding?.status, 'failed')
      assert.match(finding?.advice ?? '', /Publish an MX record for in\.example\.com/)
    }
  })

  it('cannot be judged where DNS cannot be asked, or where another process listens', async () => {
    assert.equal((await run(fails('ECONNREFUSED')))?.status, 'warning')
    const elsewhere = { ...CONFIG, services: new Set<'inbound'>() }
    assert.match((await run(fails('ENODATA'), elsewhere))?.detail ?? '', /does not listen/)
  })
})
