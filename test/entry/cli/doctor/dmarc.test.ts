import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { dmarcCheck } from '../../../../src/entry/cli/doctor/dmarc.ts'
import { someResolver } from './some-resolver.ts'

describe('DMARC', () => {
  const cases: [what: string, records: Record<string, string[][] | string>, status: string, seen: RegExp][] =
    [
      ['a policy of its own', { '_dmarc.m.example.com': [['v=DMARC1; p=none']] }, 'ok', /^p=none$/],
      [
        'the policy of a domain above',
        { '_dmarc.example.com': [['v=DMARC1;', ' p=reject']] },
        'ok',
        /^p=reject at _dmarc\.example\.com$/,
      ],
      [
        'what the domain above says of those below it',
        { '_dmarc.example.com': [['v=DMARC1; p=reject; sp=quarantine']] },
        'ok',
        /^p=quarantine at/,
      ],
      ['no policy', {}, 'warning', /^no record Publish a TXT record at _dmarc\.m\.example\.com/],
      [
        'a policy that says nothing',
        { '_dmarc.m.example.com': [['v=DMARC1; rua=x']] },
        'failed',
        /receivers ignore/,
      ],
      ['no DNS', { '_dmarc.m.example.com': 'ETIMEOUT' }, 'warning', /cannot be asked from here \(ETIMEOUT\)/],
    ]
  for (const [what, records, status, seen] of cases) {
    it(`is judged by ${what}`, async () => {
      const parts = { resolver: someResolver(records), senders: async () => ['a@m.example.com'] }
      const [finding] = [await dmarcCheck(parts).run()].flat()
      assert.equal(finding?.status, status)
      assert.match(finding?.advice ? `${finding.detail} ${finding.advice}` : (finding?.detail ?? ''), seen)
    })
  }
})
