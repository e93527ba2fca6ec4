import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dkimRecord, generateDkimKey } from '../../src/mail/dkim-keys.ts'
import { comparePublished } from '../../src/mail/dkim-record.ts'

const rsa = (await generateDkimKey('rsa-sha256')).publicKey
const ed = (await generateDkimKey('ed25519-sha256')).publicKey
const [ours, edOurs] = [dkimRecord(rsa), dkimRecord(ed)]
const other = dkimRecord((await generateDkimKey('rsa-sha256')).publicKey)
const bare = rsa.export({ type: 'pkcs1', format: 'der' }).toString('base64')

const stateOf = (record: string, of = ours) => comparePublished([record], of).state

test('a record counts as published however it words the same key', () => {
  for (const record of [
    ours,
    ours.replace('k=rsa; ', ''),
    ours.replace('v=DKIM1; ', ''),
    ours.replace('p=', 'p= ').replaceAll(';', ' ;'),
    `v=DKIM1; h=sha1:sha256; s=email; t=s; p=${bare}`,
    `${ours}; s=*; n=note`,
  ]) {
    assert.deepEqual(comparePublished([record], ours), {
      state: 'published',
      detail: 'published as it is here',
    })
  }
  assert.equal(stateOf(edOurs, edOurs), 'published')
})

test('a record that verifiers would not use differs, and the reason is told', () => {
  for (const [record, reason] of [
    [other, 'another key is published'],
    [ours.slice(0, -8), 'another key is published'],
    [edOurs, 'a key of another type is published: k=ed25519'],
    [`${ours}; h=sha1`, 'the record does not allow SHA-256: h=sha1'],
    [`${ours}; s=other`, 'the record is not for mail: s=other'],
    ['v=spf1 -all', 'the record is no DKIM key: v=spf1-all'],
    ['nothing', 'the record holds no key (p=)'],
  ] as const) {
    assert.deepEqual(comparePublished([record], ours), { state: 'differs', detail: reason })
  }
})

test('no record, several, a revoked key and a test are told apart', () => {
  assert.equal(comparePublished([], ours).state, 'missing')
  assert.deepEqual(comparePublished([ours, 'v=spf1 -all'], ours), {
    state: 'several',
    detail: '2 records under its name',
  })
  assert.equal(stateOf('v=DKIM1; k=rsa; p='), 'revoked')
  assert.match(comparePublished([`${ours}; t=y:s`], ours).detail, /marked as a test/)
})
