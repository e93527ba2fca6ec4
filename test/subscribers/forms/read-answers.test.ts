import assert from 'node:assert/strict'
import { it } from 'node:test'
import { readAnswers } from '../../../src/subscribers/forms/read-answers.ts'
import { subscriberData } from '../../../src/subscribers/subscriber.ts'
import { formRequest } from '../../../src/tenants/form-rules.ts'
import { fc } from '../../support/properties.ts'

const FORM = formRequest.parse({
  name: 'form',
  texts: { en: { title: 'Form', consent: 'I agree' } },
  fields: [
    { attribute: 'name', type: 'text', label: { en: 'Name' }, required: true },
    { attribute: 'born', type: 'date', label: { en: 'Born' } },
    {
      attribute: 'area',
      type: 'choice',
      label: { en: 'Area' },
      choices: [{ value: 'east', label: { en: 'East' } }],
    },
    { attribute: 'offers', type: 'checkbox', label: { en: 'Offers' } },
    { attribute: 'adult', type: 'checkbox', label: { en: 'Of age' }, required: true },
  ],
})

const read = (entered: Record<string, string>) => {
  const { recipient, attributes, mistakes } = readAnswers(FORM, (name) => entered[name] ?? '')
  return { address: recipient?.address, attributes, mistakes: Object.fromEntries(mistakes) }
}

it('makes attributes of what was entered, and leaves out what was left empty', () => {
  const entered = {
    ...{ address: ' Taro@Example.jp ', consent: 'yes', 'attributes.adult': 'yes' },
    ...{ 'attributes.name': ' 山田\r\n太郎 ', 'attributes.born': '2000-02-29', unknown: 'x' },
  }
  assert.deepEqual(read(entered), {
    address: 'Taro@Example.jp',
    attributes: { name: '山田 太郎', born: '2000-02-29', offers: false, adult: true },
    mistakes: {},
  })
})

it('takes an address that an input method left as wide as kana, and leaves names as they are', () => {
  const entered = {
    ...{ address: '\u3000ｔａｒｏ＠Ｅｘａｍｐｌｅ．ｊｐ\u3000', consent: 'yes', 'attributes.adult': 'yes' },
    'attributes.name': 'Ｔａｒｏ',
  }
  const { address, attributes, mistakes } = read(entered)
  assert.deepEqual([address, attributes['name'], mistakes], ['taro@Example.jp', 'Ｔａｒｏ', {}])
})

it('says of each input what is wrong with it', () => {
  assert.deepEqual(read({}).mistakes, {
    ...{ address: 'missing', 'attributes.name': 'missing' },
    ...{ 'attributes.adult': 'not-ticked', consent: 'not-ticked' },
  })
  const wrong = {
    ...{ address: 'nobody', consent: 'yes', 'attributes.adult': 'yes' },
    ...{ 'attributes.name': '𠮷'.repeat(201), 'attributes.born': '2001-02-29', 'attributes.area': 'north' },
  }
  assert.deepEqual(read(wrong).mistakes, {
    ...{ address: 'no-address', 'attributes.name': 'too-long' },
    ...{ 'attributes.born': 'no-date', 'attributes.area': 'no-choice' },
  })
})

it('makes nothing of any text that a subscriber could not have', () => {
  const text = fc.string({ unit: 'binary' })
  fc.assert(
    fc.property(text, text, text, (address, name, born) => {
      const entered = { address, 'attributes.name': name, 'attributes.born': born }
      assert.ok(subscriberData.safeParse({ attributes: read(entered).attributes }).success)
    }),
  )
})
