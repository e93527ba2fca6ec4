import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { takeControlFields } from '../../../src/entry/smtp/control-fields.ts'
import { DomainError } from '../../../src/kernel/domain-error.ts'

const message = (...fields: string[]) =>
  Buffer.from(`${['From: a@b.example', ...fields].join('\r\n')}\r\n\r\nBody`)

describe('control fields', () => {
  it('leave the very same message when there are none', () => {
    const raw = message('Subject: x')
    const taken = takeControlFields(raw)
    assert.equal(taken.raw, raw)
    assert.equal(taken.transactional, false)
    assert.equal(taken.reference, undefined)
  })

  it('say yes and no in several ways', () => {
    for (const [value, meaning] of Object.entries({
      yes: true,
      TRUE: true,
      1: true,
      No: false,
      false: false,
      0: false,
    })) {
      assert.equal(takeControlFields(message(`X-Kaijo-Transactional: ${value}`)).transactional, meaning)
    }
  })

  it('name a delivery in any script', () => {
    const encoded = '=?UTF-8?B?MTDmnIjlj7c=?='
    assert.equal(takeControlFields(message(`X-Kaijo-Delivery: ${encoded}`)).reference, '10月号')
    assert.equal(takeControlFields(message('X-Kaijo-Delivery: 10月号')).reference, '10月号')
  })

  it('are refused when they say nothing', () => {
    for (const fields of [
      ['X-Kaijo-Transactional:'],
      ['X-Kaijo-Transactional: yes please'],
      ['X-Kaijo-Transactional: yes', 'x-kaijo-transactional: no'],
      ['X-Kaijo-Delivery:   '],
      ['X-Kaijo-Delivery: a', 'X-Kaijo-Delivery: b'],
      ['X-Kaijo-Delivery: =?UTF-8?Q?a=0Ab?='],
    ]) {
      assert.throws(() => takeControlFields(message(...fields)), DomainError, fields.join())
    }
  })
})
