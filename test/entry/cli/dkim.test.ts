import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { type DnsServer, startDnsServer } from '../../support/dns-server.ts'
import { done, lifeOfBlock, type Place, PROVISION, place } from './kaijo.ts'

describe('kaijo dkim', () => {
  const life = lifeOfBlock()
  let here: Place
  let dns: DnsServer
  const kaijo = (args: string[], input = '') => here.kaijo(['dkim', ...args], { input, env: dns.env })
  const json = async (args: string[]) => JSON.parse(done(await kaijo([...args, '--json'])).stdout)
  const publish = async (...selectors: string[]) => {
    for (const { selector, dnsName, strings } of (await json(['list'])).items) {
      if (selectors.includes(selector)) dns.zone.set(dnsName, strings)
    }
  }

  before(async () => {
    here = await place(life)
    dns = await startDnsServer(life)
    await here.serve(dns.env)
    done(await here.kaijo(['provision', '-'], { input: PROVISION }))
  })

  it('leads a key from its making over its rotation to its end', async () => {
    assert.equal((await json(['create', 'example.com', '--selector', 'k1'])).state, 'signing')
    const missing = await kaijo(['check', 'example.com'])
    assert.match(missing.stdout, /^k1\._domainkey\.example\.com\tmissing\tno record.*\tsigning\n$/)
    assert.deepEqual(
      [missing.code, missing.stderr],
      [1, 'error: 1 of 1 keys are not as they should be in DNS\n'],
    )
    await publish('k1')
    done(await kaijo(['check', 'example.com']))

    const rotated = done(await kaijo(['rotate', 'example.com', '--selector', 'k2']))
    assert.match(rotated.stdout, /^k2\._domainkey\.example\.com\. TXT\n\n {2}v=DKIM1; k=rsa; p=\S+\n/)
    assert.match(rotated.stderr, /^k2 signs as soon as `.* dkim check example\.com` finds this record\n$/)
    const early = await kaijo(['activate', 'example.com', '--selector', 'k2'])
    assert.deepEqual([early.code, early.stdout], [1, ''])
    assert.match(early.stderr, /^error: k2\._domainkey\.example\.com: no record/)

    await publish('k2')
    const { items } = await json(['check', 'example.com'])
    assert.deepEqual(
      items.map(({ selector, dns, ok, activated }: Record<string, unknown>) => [
        selector,
        dns,
        ok,
        activated,
      ]),
      [
        ['k1', 'published', true, false],
        ['k2', 'published', true, true],
      ],
    )
    const listed = done(await kaijo(['list', 'example.com'])).stdout.split('\n')
    assert.match(
      listed[0] ?? '',
      /^k1\._domainkey\.example\.com\trsa-sha256\tretired, remove DNS record after \d{4}-\S+Z\tv=DKIM1; /,
    )
    assert.match(listed[1] ?? '', /^k2\._domainkey\.example\.com\trsa-sha256\tsigning\tv=DKIM1; /)

    const kept = await kaijo(['remove', 'example.com', '--selector', 'k1'])
    assert.deepEqual([kept.code, kept.stdout], [1, ''])
    assert.match(kept.stderr, /^error: mail that k1 signed is under way until \d{4}-/)
    const removed = done(await kaijo(['remove', 'example.com', '--selector', 'k1', '--force']))
    assert.equal(removed.stdout, 'k1._domainkey.example.com removed\n')
    assert.equal((await json(['retire', 'example.com', '--selector', 'k2'])).state, 'retired')
  })

  it('takes in a key from a file or stdin, and warns of one that is short', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }) as string
    const file = join(here.dataDir, 'key.pem')
    writeFileSync(file, pem)
    const args = ['import', '--domain', 'example.net', '--key-file']
    const taken = done(await kaijo([...args, file, '--selector', 'S1', '--service', 'news']))
    assert.match(taken.stdout, /^s1\._domainkey\.example\.net\. TXT/)
    assert.equal(
      taken.stderr,
      'warning: RSA of 1024 bits; signers should use 2048 (RFC 8301). Rotate it soon\n',
    )
    const [key] = (await json(['list', 'example.net'])).items
    assert.deepEqual([key.serviceId, key.bits], [10, 1024])

    const again = await kaijo([...args, '-', '--selector', 's2', '--service', '10'], pem)
    assert.match(again.stderr, /^s2 signs as soon as /)
    const wrong = await kaijo([...args, '-', '--selector', 's3'], 's3cret')
    assert.deepEqual([wrong.code, wrong.stderr], [2, 'error: privateKey: is not the PEM of a private key\n'])
  })

  it('makes both kinds for double signatures, and rotates them at a set time', async () => {
    const { items } = await json(['create', 'example.org', '--selector', 'k1', '--algorithm', 'both'])
    assert.deepEqual(
      items.map(({ selector, state }: Record<string, string>) => [selector, state]),
      [
        ['k1-rsa', 'signing'],
        ['k1-ed25519', 'signing'],
      ],
    )
    const unnamed = await kaijo(['rotate', 'example.org', '--selector', 'k2'])
    assert.deepEqual(
      [unnamed.code, unnamed.stderr],
      [2, 'error: algorithm: must be named: both kinds sign for example.org\n'],
    )
    const at = '2100-01-01T09:00:00+09:00'
    const rotated = await json([
      'rotate',
      'example.org',
      '--selector',
      'k2',
      '--algorithm',
      'both',
      '--at',
      at,
    ])
    for (const key of rotated.items) {
      assert.deepEqual([key.state, key.signsFrom], ['scheduled', '2100-01-01T00:00:00.000Z'])
    }
    const { stdout } = done(await kaijo(['list', 'example.org']))
    assert.match(stdout, /^k1-rsa\S+\trsa-sha256\tsigning until 2100-01-01T00:00:00\.000Z\t/m)
    assert.match(stdout, /^k2-rsa\S+\trsa-sha256\tsigns from 2100-01-01T00:00:00\.000Z\t/m)
  })
})
