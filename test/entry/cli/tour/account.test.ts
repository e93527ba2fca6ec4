import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { describe, it } from 'node:test'
import { startAccount } from '../../../../src/entry/cli/tour/account.ts'

describe('the account of a tour', () => {
  const begin = () => {
    let told = ''
    const stream = new Writable({
      write: (chunk, _encoding, done) => {
        told += chunk
        done()
      },
    })
    return { account: startAccount(stream), told: () => told }
  }

  it('tells each step with its number, its evidence and what was checked', async () => {
    const { account, told } = begin()
    const answer = await account.step('Look', async () => {
      account.show('seen', 'one\ntwo')
      account.check('there are two', true)
      return 2
    })
    assert.equal(answer, 2)
    assert.equal(told(), ' 1. Look\n    seen         one\n                 two\n    ok  there are two\n')
    assert.deepEqual(account.steps, [
      { title: 'Look', evidence: { seen: 'one\ntwo' }, checks: ['there are two'] },
    ])
  })

  it('ends at the first claim that does not hold', async () => {
    const { account, told } = begin()
    const step = account.step('Look', async () => {
      account.check('there are two', false)
      account.check('there are three', true)
    })
    await assert.rejects(step, { message: 'step 1 (Look): it is not so that there are two', exitCode: 1 })
    assert.match(told(), /NOT SO {2}there are two\n$/)
  })

  it('does not let a step pass that checked nothing', async () => {
    const { account } = begin()
    await assert.rejects(
      account.step('Look away', async () => {}),
      { message: 'step 1 (Look away) checked nothing', exitCode: 1 },
    )
  })
})
