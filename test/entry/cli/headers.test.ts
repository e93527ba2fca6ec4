import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { before, describe, it } from 'node:test'
import { done, lifeOfBlock, MAIN, type Place, PROVISION, place } from './kaijo.ts'

const FROM = ['--service', 'news', '--from', 'news@example.com']
const ROW =
  /^(\S+)\tList-Unsubscribe: <http:\S+\/[a-z2-7]{16}\/-[\w-]+>\tList-Unsubscribe-Post: List-Unsubscribe=One-Click$/

describe('kaijo headers for many mails', () => {
  const life = lifeOfBlock()
  let here: Place
  const headers = (input: string, ...more: string[]) =>
    here.kaijo(['headers', ...FROM, ...more, '-'], { input })

  before(async () => {
    here = await place(life)
    await here.serve()
    done(await here.kaijo(['provision', '-'], { input: PROVISION }))
  })

  it('writes a row for each address, in their order', async () => {
    const addresses = Array.from({ length: 100 }, (_, index) => `reader-${index}@example.jp`)
    const { stdout } = done(await headers(`${addresses.join('\n')}\n`))
    const rows = stdout.trimEnd().split('\n')
    assert.deepEqual(
      rows.map((row) => ROW.exec(row)?.[1]),
      addresses,
    )
    assert.equal(new Set(rows).size, 100)
  })

  it('writes JSON for mails with Message-IDs and headers of their own', async () => {
    const mails = [
      { to: 'taro@example.jp', messageId: '<1@example.com>' },
      { to: 'taro@example.jp', headers: { 'List-Id': '<a.example.com>' } },
    ]
    const { stdout } = done(await headers(mails.map((mail) => JSON.stringify(mail)).join('\n'), '--json'))
    const minted = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.deepEqual(
      minted.map(({ to, messageId, headers }) => ({ to, ...(messageId ? { messageId } : { headers }) })),
      mails,
    )
    const [first, second] = minted.map(({ url }) => new URL(url).pathname.split('/')[1])
    assert.notEqual(first, second)
    assert.equal(minted[0].listUnsubscribe, `<${minted[0].url}>`)
    assert.equal(minted[0].listUnsubscribePost, 'List-Unsubscribe=One-Click')
  })

  it('goes on after a mistaken line and ends with exit code 2', async () => {
    const rows = await headers('nobody\ntaro@example.jp\n')
    assert.equal(rows.code, 2)
    assert.match(rows.stdout, /^taro@example\.jp\t[^\n]+\n$/)
    assert.equal(
      rows.stderr,
      'error: to: nobody is not a mail address\nerror: 1 of 2 mails have no headers\n',
    )
    const input = '{"to":"taro@example.jp","messageID":"<1@example.com>"}\n{"to":"hanako@example.jp"}'
    const json = await headers(input, '--json')
    const [wrong, right] = json.stdout.split('\n')
    assert.equal(json.code, 2)
    assert.match(JSON.parse(wrong ?? '').error, /^messageID: /)
    assert.match(JSON.parse(right ?? '').url, /^http:/)
  })

  it('ends at once when no line can be minted', async () => {
    const input = 'taro@example.jp\n'.repeat(40)
    const { code, stdout, stderr } = await here.kaijo(
      ['headers', '--from', 'shop@example.com', '--service', '10', '-'],
      {
        input,
      },
    )
    assert.deepEqual([code, stdout], [2, ''])
    assert.equal(stderr, 'error: from: shop@example.com is not registered for one-click\n')
    assert.match((await headers('{"to":\n')).stderr, /^error: stdin: line 1 is not JSON\n$/)
  })

  it('answers a line before the next one comes, so that a script keeps one process', async () => {
    const child = spawn(process.execPath, [MAIN, 'headers', ...FROM, '--json', '-'], { env: here.env })
    const answers = createInterface(child.stdout)[Symbol.asyncIterator]()
    for (const to of ['taro@example.jp', 'hanako@example.jp']) {
      child.stdin.write(`${to}\n`)
      assert.equal(JSON.parse((await answers.next()).value ?? '').to, to)
    }
    child.stdin.end()
    assert.deepEqual(await once(child, 'exit'), [0, null])
  })

  it('wants one recipient or a file, and a Message-ID for one alone', async () => {
    for (const args of [[], ['--to', 'taro@example.jp', '-'], ['--message-id', '<1@x.jp>', '-']]) {
      assert.equal((await here.kaijo(['headers', ...FROM, ...args])).code, 2)
    }
  })
})
