import assert from 'node:assert/strict'
import { it } from 'node:test'
import { addressKey } from '../../src/kernel/address.ts'
import { mailboxOf } from '../../src/nodemailer/mailbox.ts'
import { fc } from '../support/properties.ts'

it('takes upper and lower case for one mailbox', () => {
  assert.equal(mailboxOf('Taro.Ä@Example.JP'), mailboxOf('taro.a\u0308@example.jp'))
  assert.notEqual(mailboxOf('taro@example.jp'), mailboxOf('ta.ro@example.jp'))
})

it('takes no two recipients for one', () => {
  const letters = fc.constantFrom(...'aAäÄéÉkKßẞΣσς"\\.\u0308\u212a\u0130İI')
  const local = fc.array(letters, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''))
  const spelling = fc.record({ local, domain: local, flips: fc.array(fc.boolean(), { maxLength: 12 }) })
  fc.assert(
    fc.property(spelling, ({ local: name, domain, flips }) => {
      const one = `${name}@${domain}.example.jp`
      const other = [...one].map((sign, i) => (flips[i] ? sign.toUpperCase() : sign)).join('')
      const [keyOfOne, keyOfOther] = [addressKey(one), addressKey(other)]
      fc.pre(keyOfOne !== undefined && keyOfOther !== undefined)
      if (mailboxOf(one) === mailboxOf(other)) assert.equal(keyOfOne, keyOfOther)
    }),
  )
})
