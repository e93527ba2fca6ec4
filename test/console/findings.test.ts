import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FINDINGS_IN_JAPANESE, inWords } from '../../console/src/screens/senders/finding-texts.ts'
import { type Finding, VERDICTS } from '../../src/entry/cli/doctor/check.ts'
import { examineDmarc } from '../../src/entry/cli/doctor/dmarc.ts'
import { examineSpf } from '../../src/entry/cli/doctor/spf.ts'
import { someResolver } from '../entry/cli/doctor/some-resolver.ts'

const JAPANESE = /[ぁ-んァ-ヶ一-龠]/
const DOMAIN = 'm.example.com'
const RECORD = /"[^"]*"|v=(?:spf1|DMARC1)[^。]*$/g

const told = (finding: Finding, language: 'ja' | 'en') =>
  inWords({ advice: null, verdict: null, seen: null, ...finding }, language)

describe('what is found of a sender’s domain', () => {
  it('has words in Japanese for every verdict of the doctor, and for no other', () => {
    assert.deepEqual(Object.keys(FINDINGS_IN_JAPANESE).sort(), [...VERDICTS].sort())
  })

  const records: [what: string, zone: Record<string, string[][] | string>, spf: string, dmarc: string][] = [
    [
      'right',
      { [DOMAIN]: [['v=spf1 a -all']], [`_dmarc.${DOMAIN}`]: [['v=DMARC1; p=none']] },
      'spf-published',
      'dmarc-published',
    ],
    ['missing', {}, 'spf-missing', 'dmarc-missing'],
    [
      'wrong',
      { [DOMAIN]: [['v=spf1 +all']], '_dmarc.example.com': [['v=DMARC1; p=all']] },
      'spf-open',
      'dmarc-ignored',
    ],
    [
      'several, or of a domain above',
      { [DOMAIN]: [['v=spf1 a'], ['v=spf1 mx']], '_dmarc.example.com': [['v=DMARC1; p=reject']] },
      'spf-several',
      'dmarc-published',
    ],
    [
      'not to be asked for',
      { [DOMAIN]: 'ESERVFAIL', [`_dmarc.${DOMAIN}`]: 'ESERVFAIL' },
      'spf-unseen',
      'dmarc-unseen',
    ],
  ]
  for (const [what, zone, ...verdicts] of records) {
    it(`is told in the language of who reads it where records are ${what}`, async () => {
      const resolver = someResolver(zone)
      const findings = [await examineSpf(resolver, DOMAIN), await examineDmarc(resolver, DOMAIN)]
      assert.deepEqual(
        findings.map(({ verdict }) => verdict),
        verdicts,
      )
      for (const finding of findings) {
        const [about, seen, advice] = told(finding, 'ja')
        assert.match(about, /^(?:SPF|DMARC)$/)
        if (finding.status !== 'ok') assert.match(`${seen}${advice}`, JAPANESE)
        assert.doesNotMatch(
          `${seen} ${advice ?? ''}`.replace(RECORD, ''),
          / of | it |undefined|Publish|records?\b/,
        )
        assert.deepEqual(told(finding, 'en'), [finding.name, finding.detail, finding.advice ?? null])
      }
    })
  }
})
