import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { it } from 'node:test'
import { dkimSign } from 'mailauth/lib/dkim/sign.js'
import type { InboundMail } from '../../src/inbound/inbound-mail.ts'
import { judgeSignUp } from '../../src/inbound/judge-sign-up.ts'
import type { AskToConfirm } from '../../src/subscribers/confirm/ask-to-confirm.ts'
import { createJoinStatements } from '../../src/subscribers/join.ts'
import { findSubscriber } from '../../src/subscribers/search.ts'
import { createRecorder } from '../../src/suppression/changing/recorder.ts'
import { decide } from '../../src/suppression/deciding/decide.ts'
import { createLookUp } from '../../src/suppression/deciding/look-up.ts'
import { resolveList } from '../../src/tenants/list.ts'
import { registerSender } from '../../src/tenants/sender.ts'
import { sharedDatabase } from '../storage/shared-database.ts'
import { forEachEngine } from '../support/engines.ts'
import { stop } from '../suppression/changes.ts'
import { someService } from '../tenants/some-service.ts'

const START = Date.UTC(2026, 0, 1)
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const RECORD = `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`

/** What DNS has: a key and an SPF record of example.jp, a policy of strict.example, and nothing else. */
const resolver = async (name: string, type: string) => {
  if (type === 'TXT' && name === 'k1._domainkey.example.jp') return [[RECORD]]
  if (type === 'TXT' && name === 'example.jp') return [['v=spf1 ip4:192.0.2.1 -all']]
  if (type === 'TXT' && name === '_dmarc.strict.example') return [['v=DMARC1; p=reject']]
  throw Object.assign(new Error('nothing there'), { code: 'ENOTFOUND' })
}

function blank(fields: readonly string[] = ['From: Taro <taro@example.jp>']): Buffer {
  return Buffer.from(
    [...fields, 'To: join@in.example', 'Subject: ', 'Date: Thu, 1 Jan 2026 00:00:00 +0000', '', ''].join(
      '\r\n',
    ),
  )
}

async function signed(mail: Buffer, domain = 'example.jp'): Promise<Buffer> {
  const { signatures } = await dkimSign(mail, {
    signatureData: [
      {
        signingDomain: domain,
        selector: 'k1',
        privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      },
    ],
  } as never)
  return Buffer.concat([Buffer.from(signatures as string), mail])
}

forEachEngine((engine) => {
  const database = sharedDatabase(engine)

  it('lets whoever proves their address join, and takes them off the senders’ lists but not off hard-bounces', async () => {
    for (const proof of [
      { raw: await signed(blank()), clientAddress: null },
      { raw: blank(), clientAddress: '192.0.2.1' },
    ]) {
      const world = await begin()
      const judgement = await world.judge(proof)
      assert.deepEqual([judgement.outcome, judgement.address], ['joined', 'taro@example.jp'])
      assert.equal((await world.subscriber())?.membership, 'joined')
      assert.deepEqual(await world.excludedBy(), ['hard-bounces'])
    }
  })

  it('keeps a mail that its From’s domain disowns, asks nobody, changes nothing', async () => {
    const mail = await signed(blank())
    const forged: Partial<InboundMail>[] = [
      { raw: blank(), clientAddress: '198.51.100.7' },
      { raw: Buffer.from(mail.toString().replace('taro@', 'hanako@')), clientAddress: '198.51.100.7' },
      { raw: blank(['From: boss@strict.example']), clientAddress: '198.51.100.7', sender: 'x@example.net' },
    ]
    for (const proof of forged) {
      const world = await begin()
      const judgement = await world.judge(proof)
      assert.deepEqual(
        [judgement.outcome, judgement.detail],
        ['not-understood', { why: 'unverified-sender' }],
      )
      assert.deepEqual(await world.excludedBy(), ['sender', 'hard-bounces'])
      assert.equal(await world.subscriber(), undefined)
      assert.deepEqual(world.asked, [])
    }
  })

  it('asks whoever proves nothing to confirm, and changes nothing until then', async () => {
    const mail = await signed(blank())
    const unproven: Partial<InboundMail>[] = [
      { raw: await signed(blank(), 'example.net') },
      { raw: Buffer.from(mail.toString().replace('Taro', 'Jiro')) },
      { raw: blank(), clientAddress: '192.0.2.1', sender: 'taro@example.net' },
    ]
    for (const proof of unproven) {
      const world = await begin()
      const { outcome, detail } = await world.judge(proof)
      assert.deepEqual([outcome, detail], ['asked', { what: 'asked' }])
      assert.deepEqual(world.asked, [['taro@example.jp', 'ja']])
      assert.deepEqual(await world.excludedBy(), ['sender', 'hard-bounces'])
      assert.equal(await world.subscriber(), undefined)
    }
  })

  it('asks also who proves their address where the service has everyone confirm', async () => {
    const world = await begin('confirm')
    const from = 'From: taro@example.jp'
    assert.equal((await world.judge({ raw: await signed(blank()) })).outcome, 'asked')
    await world.judge({ raw: await signed(blank([from, 'Accept-Language: en-GB, ja;q=0.5'])) })
    assert.deepEqual(world.asked, [
      ['taro@example.jp', 'ja'],
      ['taro@example.jp', 'en'],
    ])
    assert.equal(await world.subscriber(), undefined)
  })

  it('joins nobody by a mail of a program, or with no one sender', async () => {
    const world = await begin()
    const judged = async (...fields: string[]) => {
      const { outcome, detail } = await world.judge({ raw: await signed(blank(fields)) })
      return [outcome, detail['what'] ?? detail['why']]
    }
    const from = 'From: taro@example.jp'
    assert.deepEqual(await judged(from, 'Auto-Submitted: auto-replied'), ['nothing', 'automatic'])
    assert.deepEqual(await judged(from, 'Precedence: bulk'), ['nothing', 'automatic'])
    assert.deepEqual(await judged(from, 'List-Id: <talk.example.jp>'), ['nothing', 'automatic'])
    assert.deepEqual(await judged(from, 'From: other@example.jp'), ['not-understood', 'no-sender'])
    assert.deepEqual(await judged('From: a@example.jp, b@example.jp'), ['not-understood', 'no-sender'])
    assert.equal(await world.subscriber(), undefined)
    assert.deepEqual(world.asked, [])
  })

  it('takes everyone’s word where the service does, and nobody where it is switched off', async () => {
    const trusting = await begin('always')
    assert.equal((await trusting.judge({ raw: blank() })).outcome, 'joined')
    const off = await begin('off')
    assert.equal((await off.judge({ raw: await signed(blank()) })).outcome, 'not-understood')
    assert.equal(await off.subscriber(), undefined)
  })

  it('joins and asks neither our own addresses nor a mail system, whichever way the service takes', async () => {
    for (const mode of ['always', 'verified', 'confirm'] as const) {
      const world = await begin(mode)
      for (const [from, what] of [
        ['news@example.com', 'own-address'],
        ['join-2@in.example', 'own-address'],
        ['b-x@sub.in.example', 'own-address'],
        ['MAILER-DAEMON@example.jp', 'automatic'],
        ['postmaster@example.jp', 'automatic'],
      ] as const) {
        const { outcome, detail, statements } = await world.judge({ raw: blank([`From: ${from}`]) })
        assert.deepEqual([outcome, detail, statements], ['nothing', { what }, []])
      }
      assert.deepEqual(world.asked, [])
    }
  })

  async function begin(blankMail: 'verified' | 'always' | 'confirm' | 'off' = 'verified') {
    const { service, listIds } = await someService(database(), { settings: { blankMail } })
    await registerSender(database(), listIds, service, { address: 'news@example.com', now: START })
    const lists = await Promise.all(
      ['sender:news@example.com', 'hard-bounces'].map((ref) => resolveList(database(), service.id, ref)),
    )
    const recorder = createRecorder(database(), () => START)
    for (const { id } of lists) await recorder.record(stop(id, 'taro@example.jp', { requestedAt: START }))
    const joinStatements = createJoinStatements(database(), () => START + 1_000)
    const asked: string[][] = []
    const askToConfirm: AskToConfirm = async ({ recipient, language }) => {
      asked.push([recipient.address, language])
      return 'asked'
    }
    return {
      asked,
      judge: async (given: Partial<InboundMail>) => {
        const judgement = await judgeSignUp(
          { database: database(), joinStatements, askToConfirm, resolver, inboundDomain: 'in.example' },
          {
            ...{ raw: blank(), sender: 'taro@example.jp', recipient: null, clientAddress: null, helo: null },
            ...{ receivedAt: START + 1_000, vouchedBy: 'nobody' as const },
            ...given,
          },
          service.id,
        )
        await database().transact(judgement.statements)
        return judgement
      },
      subscriber: () => findSubscriber(database(), service, 'taro@example.jp').catch(() => undefined),
      excludedBy: async () => {
        const standings = (await createLookUp(database())(['taro@example.jp'])).get('taro@example.jp') ?? []
        return lists
          .filter(({ id }) => !decide(standings, [id], START + 2_000).deliver)
          .map(({ kind }) => kind)
      },
    }
  }
})
