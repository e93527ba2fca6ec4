import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { parseMasterKeys, toMasterKey } from '../../src/config/master-key.ts'
import { fc } from '../support/properties.ts'

const keyBytes = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes))

describe('master keys', () => {
  it('are read alike from hex, base64 and base64url, padded or not, newest first', () => {
    fc.assert(
      fc.property(keyBytes, (bytes) => {
        const base64 = bytes.toString('base64')
        const forms = [bytes.toString('hex'), base64, base64.slice(0, 43), bytes.toString('base64url')]
        for (const form of forms) assert.deepEqual(parseMasterKeys(form), [toMasterKey(bytes)])
      }),
    )
    const [newer, older] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
    const text = ` ${newer.toString('base64')} , ${older.toString('hex')}`
    assert.deepEqual(
      parseMasterKeys(text).map(({ bytes }) => bytes),
      [newer, older],
    )
  })

  it('are named by the start of a hash that gives nothing of them away', () => {
    const bytes = Buffer.alloc(32, 7)
    const hash = createHash('sha256')
      .update(Buffer.concat([Buffer.from('kaijo key id'), bytes]))
      .digest('hex')
    assert.equal(toMasterKey(bytes).id, hash.slice(0, 6))
  })

  it('cannot share an id', () => {
    const key = Buffer.alloc(32, 3)
    assert.throws(
      () => parseMasterKeys(`${key.toString('hex')},${key.toString('base64')}`),
      /key 2 has the id [0-9a-f]{6} of key 1/,
    )
  })

  it('are refused for every bad key and every shared id at once', () => {
    const [one, two] = [Buffer.alloc(32, 1).toString('hex'), Buffer.alloc(32, 2).toString('hex')]
    assert.throws(
      () => parseMasterKeys(`${one},ab,${two},${one},,${two}`),
      ({ reasons }: { reasons: string[] }) => {
        const told = reasons.map((reason) =>
          reason
            .replace(/the id \w+/, 'the id')
            .slice(0, 25)
            .trim(),
        )
        assert.deepEqual(told, [
          'key 2 is not 32 bytes as',
          'key 4 has the id of key 1',
          'key 5 is not 32 bytes as',
          'key 6 has the id of key 3',
        ])
        return true
      },
    )
  })

  for (const text of [
    '',
    'ab',
    'g'.repeat(64),
    'a'.repeat(63),
    'a'.repeat(42),
    `${'a'.repeat(42)}+_`,
    'a'.repeat(45),
  ]) {
    it(`cannot be ${JSON.stringify(text)}`, () =>
      assert.throws(() => parseMasterKeys(text), { name: 'Refusal' }))
  }
})
