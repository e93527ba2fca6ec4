import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { startSmtpSink } from '../../support/smtp-sink.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { done, lifeOfBlock, type Place, PROVISION, place } from './kaijo.ts'

const TIME = '\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z'

describe('what became of mail, by commands beside a server', () => {
  const life = lifeOfBlock()
  const files = tempDir(life)
  let kaijo: Place['kaijo']
  let id: string

  before(async () => {
    const sink = await startSmtpSink()
    life.after(() => sink.close())
    const here = await place(life)
    kaijo = here.kaijo
    const { started } = await here.serve({ KAIJO_RELAY_URL: sink.url })
    done(await kaijo(['provision', '-'], { input: PROVISION }))
    const service = ['--service', 'news', '--from', 'news@example.com']
    const minted = await kaijo([
      'headers',
      ...service,
      '--to',
      'taro@example.jp',
      '--message-id',
      '<1@x.jp>',
      '--json',
    ])
    const { pathname } = new URL(JSON.parse(done(minted).stdout).url)
    await fetch(`${started.url}${pathname}`, { method: 'POST', body: 'List-Unsubscribe=One-Click' })
    const sent = await kaijo(
      [
        'send',
        ...service,
        '--subject',
        'Hi',
        '--text',
        '-',
        '--to',
        'taro@example.jp',
        '--to',
        'hanako@example.jp',
        '--wait',
      ],
      { input: 'Hello\n' },
    )
    id = /^delivery (\d+)/.exec(done(sent).stdout)?.[1] ?? ''
  })

  it('report messages shows the excluded with list, reason and since, and writes files', async () => {
    const args = ['report', 'messages', '--service', 'news']
    const { stdout } = done(await kaijo([...args, '--state', 'excluded']))
    const line = `^${TIME}\\t${id}\\tnews@example.com\\t\\d+\\ttaro@example.jp\\texcluded\\tsender:news@example.com \\(unsubscribed\\) since ${TIME}\\n$`
    assert.match(stdout, new RegExp(line))
    assert.match(done(await kaijo([...args, '--limit', '1'])).stdout, /^[^\n]+\n$/)

    const file = join(files, 'messages.csv')
    done(await kaijo([...args, '--recipient', 'hanako@example.jp', '--csv', '--bom', '--output', file]))
    assert.match(
      readFileSync(file, 'utf8'),
      /^\ufeffacceptedAt,.*\r\n[^\r]+,hanako@example\.jp,sent,[^\r]+\r\n$/,
    )
    const rows = done(await kaijo([...args, '--delivery', id, '--json']))
      .stdout.trimEnd()
      .split('\n')
    assert.deepEqual(rows.map((row) => JSON.parse(row).to).sort(), ['hanako@example.jp', 'taro@example.jp'])
    assert.deepEqual((await kaijo([...args, '--output', file])).code, 2)
  })

  it('report counts and report days sum up', async () => {
    const counts = done(await kaijo(['report', 'counts', '--service', 'news'])).stdout
    assert.match(counts, /^\d{4}-\d\d-\d\d\tnews@example\.com\texcluded\tsender:news@example\.com\t1$/m)
    assert.match(counts, /\tsent\t-\t1$/m)
    const csv = done(await kaijo(['report', 'counts', '--service', 'news', '--csv'])).stdout
    assert.match(csv, /^day,sender,outcome,list,count\r\n/)
    const days = done(await kaijo(['report', 'days', '--service', 'news'])).stdout
    assert.match(
      days,
      /^day\taccepted\texcluded\tsent\tkept\tfailed\tcancelled\tbounced\treturned\tblamed\tcomplained\n\S+\t1\t1\t1(\t0){7}\n$/,
    )
  })

  it('deliveries shows them and what is in them, and sends again who was excluded by mistake', async () => {
    const service = ['--service', 'news']
    const { stdout } = done(await kaijo(['deliveries', 'list', ...service]))
    assert.match(
      stdout,
      new RegExp(`^${id}\\t${TIME}\\tactive\\tnews@example.com\\t1 excluded, 1 sent\\tHi\\n$`),
    )
    assert.equal(done(await kaijo(['deliveries', 'show', id, ...service])).stdout, stdout)
    const excluded = ['deliveries', 'messages', id, ...service, '--state', 'excluded', '--json']
    assert.equal(JSON.parse(done(await kaijo(excluded)).stdout).to, 'taro@example.jp')

    const resend = ['deliveries', 'resend', id, ...service, 'taro@example.jp', 'hanako@example.jp']
    const still = done(await kaijo(resend))
    assert.match(still.stdout, /^0 are queued\n1 is excluded by sender:news@example\.com\n$/)
    assert.equal(still.stderr, 'warning: hanako@example.jp was not excluded from it\n')
    done(await kaijo(['resume', ...service, '--list', 'sender:news@example.com', 'taro@example.jp']))
    assert.equal(JSON.parse(done(await kaijo([...resend, '--json'])).stdout).queued, 1)

    assert.match(done(await kaijo(['deliveries', 'pause', id, ...service])).stdout, /\tpaused\t/)
    assert.equal((await kaijo(resend)).code, 1)
    assert.match(done(await kaijo(['deliveries', 'resume', id, ...service])).stdout, /\tactive\t/)
    assert.equal(
      JSON.parse(done(await kaijo(['deliveries', 'cancel', id, ...service, '--json'])).stdout).state,
      'cancelled',
    )
  })
})
