import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { type SmtpSink, startSmtpSink } from '../../support/smtp-sink.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { done, lifeOfBlock, type Place, PROVISION, place, type RunningServer } from './kaijo.ts'

const FROM = ['--service', 'news', '--from', 'news@example.com']

describe('the main job by commands beside a server', () => {
  const life = lifeOfBlock()
  const files = tempDir(life)
  let kaijo: Place['kaijo']
  let server: RunningServer
  let sink: SmtpSink
  const send = (...more: string[]) =>
    kaijo(['send', ...FROM, '--subject', 'Hi', '--text', '-', ...more], { input: 'Hello\n' })

  before(async () => {
    sink = await startSmtpSink()
    life.after(() => sink.close())
    const here = await place(life)
    kaijo = here.kaijo
    server = await here.serve({ KAIJO_RELAY_URL: sink.url })
    done(await kaijo(['provision', '-'], { input: PROVISION }))
    const { stdout } = done(
      await kaijo(['headers', ...FROM, '--to', 'taro@example.jp', '--message-id', '<1@x.jp>', '--json']),
    )
    const { pathname } = new URL(JSON.parse(stdout).url)
    const posted = await fetch(`${server.started.url}${pathname}`, {
      method: 'POST',
      body: 'List-Unsubscribe=One-Click',
    })
    assert.equal(posted.status, 200)
  })

  it('check tells who is excluded, by which list, why and since when', async () => {
    const { stdout, stderr } = done(
      await kaijo(['check', ...FROM, '-'], { input: 'taro@example.jp\nhanako@example.jp\n' }),
    )
    assert.equal(stdout, 'hanako@example.jp\n')
    assert.match(
      stderr,
      /^taro@example\.jp\tsender:news@example\.com\tunsubscribed\t\d{4}-\d\d-\d\dT[\d:.]+Z\n$/,
    )
  })

  it('check keeps up with a file that is larger than what it holds at a time', async () => {
    const addresses = Array.from({ length: 50_000 }, (_, index) => `reader-${index}@example.jp`)
    const file = join(files, 'many')
    writeFileSync(file, [...addresses, 'taro@example.jp'].join('\n'))
    const { stdout } = done(await kaijo(['check', ...FROM, file]))
    assert.equal(stdout, `${addresses.join('\n')}\n`)
  })

  it('send --wait leaves the excluded out and waits until the relay has the rest', async () => {
    const { stdout } = done(await send('--to', 'taro@example.jp', '--to', 'hanako@example.jp', '--wait'))
    assert.match(stdout, /^delivery \d+: 1 accepted\n1 excluded by sender:news@example\.com\n/)
    assert.match(stdout, /^1 sent$/m)
    assert.deepEqual(
      sink.messages.map(({ to }) => to),
      [['hanako@example.jp']],
    )
  })

  it('send mails an address once and tells how often it came again', async () => {
    const twice = [
      '--to',
      'hanako@example.jp',
      '--to',
      'Hanako@EXAMPLE.jp',
      '--send-at',
      '2099-01-01T00:00:00Z',
    ]
    const { stdout } = done(await send(...twice))
    assert.match(stdout, /^delivery \d+: 1 accepted\n1 left out: their address came before\n$/)
    assert.equal(JSON.parse(done(await send(...twice, '--json')).stdout).duplicates, 1)
  })

  it('send --wait ends with exit code 1 when a message failed', async () => {
    sink.setReply((stage) => (stage === 'rcpt' ? { code: 550, text: '5.1.1 no such user' } : undefined))
    const { code, stderr } = await send('--to', 'nobody@example.jp', '--wait')
    sink.setReply(() => undefined)
    assert.deepEqual([code, stderr], [1, 'error: 1 of 1 messages failed\n'])
  })

  it('more recipients than one delivery takes become several, under one request id', async () => {
    const file = join(files, 'recipients')
    writeFileSync(file, Array.from({ length: 10_001 }, (_, index) => `r${index}@example.jp`).join('\n'))
    const args = ['--recipients', file, '--request-id', 'big', '--send-at', '2099-01-01T00:00:00Z', '--json']
    const first = done(await send(...args))
    const { deliveries, accepted } = JSON.parse(first.stdout)
    assert.deepEqual([deliveries.length, accepted], [2, 10_001])
    assert.equal(done(await send(...args)).stdout, first.stdout)
  })

  it('export writes CSV, or NDJSON, to stdout or to a file that is there when it is complete', async () => {
    const args = ['export', 'one-click', '--service', 'news', '--sender', 'news@example.com']
    const file = join(files, 'stopped.csv')
    done(await kaijo([...args, '--output', file, '--bom']))
    const csv = readFileSync(file, 'utf8')
    assert.match(csv, /^\ufeff[^\r\n]+\r\ntaro@example\.jp,1@x\.jp,\d{4}-\d\d-\d\dT[\d:]+\+09:00,0\r\n$/)
    const { stdout } = done(await kaijo([...args, '--json']))
    assert.ok(Object.values(JSON.parse(stdout)).includes('taro@example.jp'))
    const missing = join(files, 'missing/stopped.csv')
    const refused = await kaijo([...args, '--output', missing])
    assert.deepEqual([refused.code, existsSync(missing)], [2, false])
  })

  it('resume makes an address deliverable again', async () => {
    const file = join(files, 'resume')
    writeFileSync(file, 'taro@example.jp\nhanako@example.jp\n')
    const { stdout } = done(
      await kaijo(['resume', '--service', 'news', '--list', 'sender:news@example.com', '--file', file]),
    )
    assert.equal(stdout, '1 resumed, 1 not excluded, 0 malformed\n')
    const checked = done(await kaijo(['check', ...FROM, '-'], { input: 'taro@example.jp\n' }))
    assert.equal(checked.stdout, 'taro@example.jp\n')
  })
})
