import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Keyring, type MasterKey } from '../../src/kernel/keyring.ts'
import { keyedHash, seal, unseal } from '../../src/kernel/sealing.ts'

const OLD: MasterKey = { id: 'old1', bytes: Buffer.alloc(32, 1) }
const NEW: MasterKey = { id: 'new2', bytes: Buffer.alloc(32, 2) }
const PLACE = 'dkim_key/example.com/s1'

describe('a sealed secret', () => {
  it('opens to what it was, whatever it holds', () => {
    const keyring = new Keyring([OLD])
    for (const secret of [
      '',
      'secret',
      '-----BEGIN PRIVATE KEY-----\n…\n',
      '日本語 \u{1f600}',
      'x'.repeat(10_000),
    ]) {
      assert.equal(unseal(keyring, PLACE, seal(keyring, PLACE, secret)), secret)
    }
  })

  it('shows neither the secret nor that two are equal', () => {
    const keyring = new Keyring([OLD])
    const [one, other] = [seal(keyring, PLACE, 'secret'), seal(keyring, PLACE, 'secret')]
    assert.notEqual(one, other)
    assert.ok(!Buffer.from(one.split('.')[1] ?? '', 'base64url').includes('secret'))
  })

  it('opens only at the place that it was sealed for', () => {
    const keyring = new Keyring([OLD])
    const sealed = seal(keyring, PLACE, 'secret')
    for (const place of ['dkim_key/example.com/s2', '', `${PLACE} `])
      assert.throws(() => unseal(keyring, place, sealed))
  })

  it('does not open when one bit of it is changed or its end is missing', () => {
    const keyring = new Keyring([OLD])
    const [id, text = ''] = seal(keyring, PLACE, 'secret').split('.')
    const bytes = Buffer.from(text, 'base64url')
    for (let index = 0; index < bytes.length; index++) {
      const altered = Buffer.from(bytes)
      altered[index] = (altered[index] ?? 0) ^ 1
      assert.throws(() => unseal(keyring, PLACE, `${id}.${altered.toString('base64url')}`), `byte ${index}`)
      const cut = bytes.subarray(0, index).toString('base64url')
      assert.throws(() => unseal(keyring, PLACE, `${id}.${cut}`), `cut to ${index}`)
    }
  })

  it('opens after a rotation, and new ones are sealed with the new key', () => {
    const keyring = new Keyring([OLD])
    const before = seal(keyring, PLACE, 'secret')
    keyring.add(NEW)
    assert.equal(unseal(keyring, PLACE, before), 'secret')
    const after = seal(keyring, PLACE, 'secret')
    assert.match(after, /^new2\.[\w-]+$/)
    assert.equal(unseal(new Keyring([NEW]), PLACE, after), 'secret')
  })

  it('names the key that is missing', () => {
    const sealed = seal(new Keyring([OLD]), PLACE, 'secret')
    assert.throws(() => unseal(new Keyring([NEW]), PLACE, sealed), /old1/)
    const other = new Keyring([{ id: OLD.id, bytes: NEW.bytes }])
    assert.throws(() => unseal(other, PLACE, sealed))
    for (const nonsense of ['', '.', 'secret', 'old1', 'old1.']) {
      assert.throws(() => unseal(new Keyring([OLD]), PLACE, nonsense), JSON.stringify(nonsense))
    }
  })
})

describe('the keyed hash', () => {
  it('is the same for the same secret and key, and another otherwise', () => {
    const { newest } = new Keyring([OLD])
    assert.equal(keyedHash(newest, 'vendor-key-1'), keyedHash(new Keyring([OLD]).newest, 'vendor-key-1'))
    assert.notEqual(keyedHash(newest, 'vendor-key-1'), keyedHash(newest, 'vendor-key-2'))
    assert.notEqual(keyedHash(newest, 'vendor-key-1'), keyedHash(new Keyring([NEW]).newest, 'vendor-key-1'))
  })
})
