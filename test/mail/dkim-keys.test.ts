import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, test } from 'node:test'
import type { DomainError } from '../../src/kernel/domain-error.ts'
import {
  algorithmOf,
  dkimRecord,
  generateDkimKey,
  readDkimKey,
  txtStrings,
} from '../../src/mail/dkim-keys.ts'

test('an RSA key has 2048 bits and a record that DNS takes in two strings', async () => {
  const { publicKey } = await generateDkimKey('rsa-sha256')
  assert.equal(publicKey.asymmetricKeyDetails?.modulusLength, 2048)
  const record = dkimRecord(publicKey)
  assert.match(record, /^v=DKIM1; k=rsa; p=[A-Za-z0-9+/]+=*$/)
  const strings = txtStrings(record)
  assert.deepEqual(
    strings.map(({ length }) => length),
    [255, record.length - 255],
  )
  assert.equal(strings.join(''), record)
})

test('an Ed25519 record holds the bare key of 32 octets', async () => {
  const record = dkimRecord((await generateDkimKey('ed25519-sha256')).publicKey)
  assert.match(record, /^v=DKIM1; k=ed25519; p=[A-Za-z0-9+/]{43}=$/)
  assert.deepEqual(txtStrings(record), [record])
})

test('either half of a pair tells its algorithm', async () => {
  for (const algorithm of ['rsa-sha256', 'ed25519-sha256'] as const) {
    const { privateKey, publicKey } = await generateDkimKey(algorithm)
    assert.deepEqual([algorithmOf(privateKey), algorithmOf(publicKey)], [algorithm, algorithm])
  }
})

test('a key that DKIM does not know is refused', () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  assert.throws(() => dkimRecord(publicKey), TypeError)
})

describe('a private key from elsewhere', () => {
  const pem = (key: KeyObject, type: 'pkcs1' | 'pkcs8' = 'pkcs8') =>
    key.export({ type, format: 'pem' }) as string
  const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength })
  const ed = generateKeyPairSync('ed25519')

  test('is read as PKCS#8 or PKCS#1 of RSA, and as PKCS#8 of Ed25519, with its public half', () => {
    const { privateKey, publicKey } = rsa(1024)
    for (const [text, expected] of [
      [pem(privateKey, 'pkcs1'), publicKey],
      [pem(privateKey), publicKey],
      [`a comment\n${pem(ed.privateKey).replaceAll('\n', '\r\n')}`, ed.publicKey],
    ] as const) {
      assert.ok(readDkimKey(text).publicKey.equals(expected))
    }
  })

  test('is refused when DKIM has no use for it, in words that repeat nothing of it', () => {
    const locked = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const
    for (const [text, reason] of [
      [pem(rsa(512).privateKey), /has 512 bits/],
      [pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey), /not ec/],
      [pem(generateKeyPairSync('rsa-pss', { modulusLength: 1024 }).privateKey), /not rsa-pss/],
      [rsa(1024).privateKey.export(locked) as string, /locked by a password/],
      [ed.publicKey.export({ type: 'spki', format: 'pem' }) as string, /not the PEM/],
      ['s3cret', /not the PEM/],
      ['', /not the PEM/],
    ] as const) {
      assert.throws(
        () => readDkimKey(text),
        (error: DomainError) =>
          error.code === 'invalid-value' &&
          error.field === 'privateKey' &&
          reason.test(error.message) &&
          !error.message.includes('s3cret'),
        String(reason),
      )
    }
  })
})
