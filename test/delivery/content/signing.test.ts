import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import type { DeliveryRequest } from '../../../src/delivery/accept/delivery-request.ts'
import { DomainError } from '../../../src/kernel/domain-error.ts'
import { txtStrings } from '../../../src/mail/dkim-keys.ts'
import { forEachEngine } from '../../support/engines.ts'
import {
  addTenant,
  type Installation,
  NOON,
  sharedInstallation,
  type Tenant,
} from '../../support/installation.ts'
import { type SmtpSink, startSmtpSink } from '../../support/smtp-sink.ts'
import { settled, someDelivery } from '../some-delivery.ts'

forEachEngine((engine) => {
  let sink: SmtpSink
  const shared = sharedInstallation(engine.name, async (t) => {
    sink = await startSmtpSink()
    t.after(() => sink.close())
    return { serves: 'worker', env: { KAIJO_RELAY_URL: sink.url, KAIJO_PUBLIC_URL: 'https://u.example.com' } }
  })
  let installation: Installation
  let tenant: Tenant
  beforeEach(async () => {
    installation = shared()
    const { dkim } = installation.capabilities
    if ((await dkim.list()).length === 0) {
      const now = NOON
      await dkim.create({ domain: 'signed.example', selector: 'rsa', algorithm: 'rsa-sha256', now })
      await dkim.create({ domain: 'signed.example', selector: 'ed', algorithm: 'ed25519-sha256', now })
      await dkim.create({ domain: 'own.signed.example', selector: 'own', algorithm: 'ed25519-sha256', now })
      // Below a domain that signs, a new key waits.
      await dkim.activate({ domain: 'own.signed.example', selector: 'own', now })
      await dkim.create({ domain: 'other.example', selector: 'rsa', algorithm: 'rsa-sha256', now })
    }
    tenant = await addTenant(installation, { address: 'news@signed.example' })
  })

  describe('what arrives', () => {
    const mails: Record<string, Partial<DeliveryRequest>> = {
      text: { text: 'Hello\n' },
      'Japanese text and HTML with its link': {
        from: { name: 'お知らせ', address: 'news@signed.example' },
        subject: 'こんにちは、太郎さん。とても長い件名は折り返されます。とても長い件名は折り返されます。',
        text: '太郎さん {{unsubscribe_url}}',
        html: `<p>太郎さん ${'長い行'.repeat(500)} <a href="{{unsubscribe_url}}">停止</a>`,
        headers: { 'List-Id': 'ニュース <news.signed.example>' },
      },
      'a whole message of 8-bit bytes, long lines and dots': {
        raw: Buffer.from(
          `from:news@signed.example\r\nsubject : a\r\n\tb\r\nX: \xff\r\n\r\n.\r\n..\r\n\xe3\x81\x82\xff${'x'.repeat(2_000)}\r\n \t\r\n\r\n`,
          'latin1',
        ),
      },
      'a whole message with bare line feeds and no end': {
        raw: Buffer.from('From: news@signed.example\nSubject: a\n\nbody\n without end'),
      },
      'a whole message without a body': { raw: Buffer.from('From: news@signed.example\r\n') },
    }
    for (const [what, given] of Object.entries(mails)) {
      it(`bears two signatures that a stranger verifies, over both fields: ${what}`, async () => {
        const raw = await arriving(given)
        assert.deepEqual(await verdicts(raw), [
          'ed25519-sha256 signed.example pass',
          'rsa-sha256 signed.example pass',
        ])
        const names = signedNames(raw)
        for (const signed of names) {
          assert.equal(signed.filter((name) => name === 'list-unsubscribe').length, 2)
          assert.equal(signed.filter((name) => name === 'list-unsubscribe-post').length, 2)
        }
        assert.equal(names.length, 2)
      })
    }

    it('bears signatures that break when a link, the subject, the sender or the body is changed', async () => {
      const raw = (await arriving({ text: 'Hello\n' })).toString('latin1')
      for (const [from, to] of [
        [/\/-./, '/-*'],
        [/List-Unsubscribe=One-Click/, 'List-Unsubscribe=Two-Click'],
        [/^Subject: News/m, 'Subject: Olds'],
        [/^From: news@/m, 'From: olds@'],
        [/Hello/, 'Hallo'],
        [/^To:/m, 'List-Unsubscribe: <https://evil.example/>\r\nTo:'],
        [/^To:/m, 'From: evil@evil.example\r\nTo:'],
      ] as const) {
        const tampered = raw.replace(from, to)
        assert.notEqual(tampered, raw)
        const results = await verdicts(Buffer.from(tampered, 'latin1'))
        assert.equal(results.length, 2)
        for (const result of results) assert.doesNotMatch(result, /pass$/, to)
      }
    })

    it('is signed by the keys of its own domain, else of the nearest above it, else not at all', async () => {
      for (const [domain, expected] of [
        ['own.signed.example', ['ed25519-sha256 own.signed.example pass']],
        ['deep.own.signed.example', ['ed25519-sha256 own.signed.example pass']],
        ['sub.signed.example', ['ed25519-sha256 signed.example pass', 'rsa-sha256 signed.example pass']],
        ['unsigned.example', []],
        ['notsigned.example', []],
      ] as const) {
        await tenant.addSender({ address: `news@${domain}` })
        const raw = await arriving({ from: { address: `news@${domain}` }, text: 'Hello\n' })
        assert.deepEqual(await verdicts(raw), expected, domain)
      }
    })

    it("is signed by a key of its service's own before those of the installation", async () => {
      const { dkim } = installation.capabilities
      const own = { domain: 'signed.example', selector: `own${tenant.service.id}` }
      const serviceId = tenant.service.id
      await dkim.create({ ...own, algorithm: 'ed25519-sha256', serviceId, now: NOON })
      await dkim.activate({ ...own, now: NOON })
      const raw = await arriving({ text: 'Hello\n' })
      assert.deepEqual(await verdicts(raw), ['ed25519-sha256 signed.example pass'])
      assert.match(raw.toString(), new RegExp(`; s=${own.selector};`))
    })

    it('keeps a signature that it came with', async () => {
      const mark = 'DKIM-Signature: v=1; a=rsa-sha256; d=client.example; s=x; h=from; bh=x; b=y'
      const raw = await arriving({ raw: Buffer.from(`${mark}\r\nFrom: news@signed.example\r\n\r\nx\r\n`) })
      assert.equal(raw.toString().match(/^DKIM-Signature:/gm)?.length, 3)
      assert.ok(raw.includes(mark))
    })

    it('is signed when it is transactional too', async () => {
      const raw = await arriving({ transactional: true })
      assert.deepEqual(await verdicts(raw), [
        'ed25519-sha256 signed.example pass',
        'rsa-sha256 signed.example pass',
      ])
    })
  })

  it('refuses a second key under one name, and a selector that is none', async () => {
    const { dkim } = installation.capabilities
    const key = { domain: 'signed.example', algorithm: 'ed25519-sha256', now: NOON } as const
    await assert.rejects(
      dkim.create({ ...key, selector: 'ed' }),
      (error: DomainError) => error.code === 'name-taken',
    )
    for (const selector of ['', 'a..b', '.a', '-a', 'a_b', 'A', 'a'.repeat(64)]) {
      await assert.rejects(
        dkim.create({ ...key, selector }),
        (error) => error instanceof DomainError,
        selector,
      )
    }
  })

  async function arriving(given: Partial<DeliveryRequest>): Promise<Buffer> {
    const { capabilities } = installation
    const before = sink.messages.length
    const { id } = await capabilities.acceptDelivery(someDelivery(tenant, ['taro@example.net'], given))
    await settled(capabilities, id, 'sent')
    return sink.messages[before]?.raw ?? Buffer.alloc(0)
  }

  /** What an independent verifier says of each signature; DNS is what the operator is told to publish. */
  async function verdicts(raw: Buffer): Promise<string[]> {
    const keys = await installation.capabilities.dkim.list()
    const { results } = await dkimVerify(raw, {
      curTime: new Date(NOON),
      resolver: async (name) => {
        const key = keys.find(({ dnsName }) => dnsName === name)
        return key ? [txtStrings(key.record)] : []
      },
    })
    return results
      .filter(({ signingDomain }) => signingDomain !== undefined)
      .map(({ algo, signingDomain, status }) => `${algo} ${signingDomain} ${status.result}`)
      .toSorted()
  }
})

function signedNames(raw: Buffer): string[][] {
  const head = raw.toString('latin1').replaceAll(/\r\n[ \t]/g, ' ')
  return [...head.matchAll(/^DKIM-Signature:.*\bh=([^;]+);/gm)].map(([, names = '']) =>
    names.toLowerCase().replaceAll(' ', '').split(':'),
  )
}
