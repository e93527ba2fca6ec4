import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { algorithmOf, dkimRecord, generateDkimKey, txtStrings } from '../../src/mail/dkim-keys.ts'

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
