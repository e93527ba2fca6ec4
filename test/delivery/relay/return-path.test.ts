import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { returnPathOf } from '../../../src/delivery/relay/return-path.ts'
import { type Address, parseAddress } from '../../../src/kernel/address.ts'
import { Keyring } from '../../../src/kernel/keyring.ts'
import { readVerp } from '../../../src/mail/verp.ts'

const OLD = { id: 'old1', bytes: Buffer.alloc(32, 1) }
const NEW = { id: 'new2', bytes: Buffer.alloc(32, 2) }
const MESSAGE = { bucket: 17, id: 1_234_577 }
const from = parseAddress('news@example.com') as Address

describe('the envelope sender', () => {
  it('is what the client gave, the null sender too, or else From', () => {
    const returnPath = returnPathOf({ inboundDomain: undefined, keyring: new Keyring([OLD]) })
    assert.equal(returnPath(MESSAGE, { from, returnPath: 'bounces@example.com' }), 'bounces@example.com')
    assert.equal(returnPath(MESSAGE, { from, returnPath: '' }), '')
    assert.equal(returnPath(MESSAGE, { from, returnPath: null }), 'news@example.com')
  })

  it('is the message’s own where bounces can come in, and leads back to it after the key has changed', () => {
    const keyring = new Keyring([OLD])
    const returnPath = returnPathOf({ inboundDomain: 'in.example.com', keyring })
    const before = returnPath(MESSAGE, { from, returnPath: '' })
    keyring.add(NEW)
    const after = returnPath(MESSAGE, { from, returnPath: 'bounces@example.com' })
    assert.notEqual(before, after)
    for (const address of [before, after]) {
      assert.ok(address.endsWith('@in.example.com'))
      const keys = keyring.all().map(({ verp }) => verp)
      assert.deepEqual(readVerp(address, keys), { bucket: 17, messageId: 1_234_577 })
    }
  })
})
