import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { spfCheck } from '../../../../src/entry/cli/doctor/spf.ts'
import { SILENT, someResolver } from './some-resolver.ts'

const senders = async () => ['a@example.com', 'B@EXAMPLE.com', 'c@例え.jp']

const published = (domain: string, record: string) => ({
  name: `SPF of ${domain}`,
  status: 'ok',
  detail: record,
  verdict: 'spf-published',
  seen: record,
})

describe('SPF', () => {
  it('is asked for once for each domain, international ones by their A-labels', async () => {
    const resolver = someResolver({
      'example.com': [['google-site-verification=x'], ['v=spf1 include:_spf.', 'example.net -all']],
      'xn--r8jz45g.jp': [['v=spf1 -all']],
    })
    assert.deepEqual(await spfCheck({ resolver, senders }).run(), [
      published('example.com', 'v=spf1 include:_spf.example.net -all'),
      published('xn--r8jz45g.jp', 'v=spf1 -all'),
    ])
  })

  const records: [what: string, records: string[][] | string, status: string, seen: RegExp][] = [
    ['no record', 'ENODATA', 'warning', /^no record Publish a TXT record at example\.com/],
    ['another record alone', [['v=spf10 -all']], 'warning', /^no record/],
    ['two records', [['v=spf1 a -all'], ['v=spf1 mx -all']], 'failed', /^2 records .*RFC 7208/],
    ['a record that lets everyone send', [['v=spf1 mx +all']], 'warning', /lets everyone send/],
    ['a refused query', 'ECONNREFUSED', 'warning', /cannot be asked from here \(ECONNREFUSED\)/],
    ['a failing server', 'ESERVFAIL', 'warning', /cannot be asked from here/],
  ]
  for (const [what, found, status, seen] of records) {
    it(`is judged by ${what}`, async () => {
      const resolver = someResolver({ 'example.com': found })
      const findings = await spfCheck({ resolver, senders: async () => ['a@example.com'] }).run()
      const [finding] = [findings].flat()
      assert.equal(finding?.status, status)
      assert.match(`${finding?.detail} ${finding?.advice}`, seen)
    })
  }

  it('waits three seconds for an answer', async () => {
    const started = performance.now()
    const findings = await spfCheck({ resolver: SILENT, senders }).run()
    for (const { status, detail } of [findings].flat()) {
      assert.equal(status, 'warning')
      assert.match(detail, /no answer within 3 s/)
    }
    assert.ok(performance.now() - started < 4_500)
  })
})
