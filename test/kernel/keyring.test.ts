import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type DerivedKeys, Keyring, type MasterKey } from '../../src/kernel/keyring.ts'

const OLD: MasterKey = { id: 'old1', bytes: Buffer.alloc(32, 1) }
const NEW: MasterKey = { id: 'new2', bytes: Buffer.alloc(32, 2) }

describe('the keyring', () => {
  it('derives the same keys from the same secret, of the lengths that their ciphers take', () => {
    const keys = new Keyring([OLD]).newest
    assert.deepEqual(keys, new Keyring([{ id: OLD.id, bytes: Buffer.from(OLD.bytes) }]).newest)
    const { token, seal, hash, verp } = keys
    assert.deepEqual([token.length, seal.length, hash.length, verp.length], [64, 32, 32, 32])
  })

  // A change here would leave every link in mail that was sent, and every sealed secret, unreadable.
  it('derives what it has always derived', () => {
    const { token, seal, hash, verp, checkValue } = new Keyring([OLD]).newest
    assert.deepEqual(
      [token, seal, hash, verp]
        .map((key) => key.toString('hex').slice(0, 16))
        .concat(checkValue.slice(0, 16)),
      ['5868d8fb423d191a', '7f9624e7abe5abe6', '48ab97212aa3188f', '6b67b06d2233e9dc', 'dBFRNrT5sP0v1Oci'],
    )
  })

  it('derives another key for each purpose and from each secret', () => {
    const parts = ({ token, seal, hash, verp, checkValue }: DerivedKeys) => [
      token.subarray(0, 32).toString('hex'),
      token.subarray(32).toString('hex'),
      seal.toString('hex'),
      hash.toString('hex'),
      verp.toString('hex'),
      Buffer.from(checkValue, 'base64url').toString('hex'),
    ]
    const all = new Keyring([NEW, OLD]).all().flatMap(parts)
    assert.equal(new Set([...all, OLD.bytes.toString('hex'), NEW.bytes.toString('hex')]).size, all.length + 2)
  })

  it('seals with the first key and finds each by its id', () => {
    const keyring = new Keyring([NEW, OLD])
    assert.equal(keyring.newest.id, 'new2')
    assert.equal(keyring.get('old1')?.id, 'old1')
    assert.equal(keyring.get('none'), undefined)
    assert.deepEqual(new Set(keyring.all().map(({ id }) => id)), new Set(['new2', 'old1']))
  })

  it('takes a new key in as the newest while older ones stay', () => {
    const keyring = new Keyring([OLD])
    keyring.add(NEW)
    assert.equal(keyring.newest.id, 'new2')
    assert.equal(keyring.get('old1')?.id, 'old1')
  })

  it('refuses to be empty', () => {
    assert.throws(() => new Keyring([]), RangeError)
  })

  it('refuses two different keys under one id, of which one could never open again', () => {
    const other: MasterKey = { id: OLD.id, bytes: NEW.bytes }
    assert.throws(() => new Keyring([OLD, other]), RangeError)
    const keyring = new Keyring([OLD])
    assert.throws(() => keyring.add(other), RangeError)
    assert.deepEqual(keyring.newest, new Keyring([OLD]).newest)
    keyring.add(OLD)
  })
})
