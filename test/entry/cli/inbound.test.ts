import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { tempDir } from '../../support/temp-dir.ts'
import { done, lifeOfBlock, type Place, PROVISION, place } from './kaijo.ts'

const LETTER = 'Return-Path: <taro@example.jp>\nFrom: taro@example.jp\nSubject: hello\n\nHello\n'

describe('mail that something else received, by commands beside a server', () => {
  const life = lifeOfBlock()
  const files = tempDir(life)
  let kaijo: Place['kaijo']

  before(async () => {
    for (const folder of ['new', 'cur', 'tmp']) mkdirSync(join(files, 'Maildir', folder), { recursive: true })
    writeFileSync(join(files, 'Maildir/new/1'), LETTER)
    writeFileSync(
      join(files, 'Maildir/cur/2:2,S'),
      'Auto-Submitted: auto-replied\nSubject: away\n\nI am away.\n',
    )
    writeFileSync(join(files, 'Maildir/tmp/3'), LETTER)
    const here = await place(life)
    kaijo = here.kaijo
    await here.serve({ KAIJO_INBOUND_DOMAIN: 'in.example.com', KAIJO_INBOUND_LISTEN: '127.0.0.1:0' })
    done(await kaijo(['provision', '-'], { input: PROVISION }))
  })

  it('inbound takes the mails of a Maildir, of a file and from stdin, and tells what each meant', async () => {
    const { stdout } = done(await kaijo(['inbound', join(files, 'Maildir')]))
    assert.match(stdout, /^\S+\/new\/1\tother\tnot-understood\n\S+\/cur\/2:2,S\tother\tnothing\n$/)
    const piped = done(await kaijo(['inbound', '-', '--json'], { input: LETTER }))
    assert.deepEqual(JSON.parse(piped.stdout).items, [
      { file: 'stdin', items: [{ kind: 'other', outcome: 'not-understood' }] },
    ])
  })

  it('received list, show and raw tell what came in, and resolve and retry see to it', async () => {
    const listed = done(await kaijo(['received', 'list', '--open'])).stdout
    assert.match(listed, /^3\t\S+\tother\tnot-understood\t-\tnot-a-report\n1\t/)
    const shown = done(await kaijo(['received', 'show', '1'])).stdout
    assert.match(shown, /^mail 1: other, not-understood\ncame \S+, \d+ octets, from <taro@example\.jp> to /)
    const file = join(files, 'raw.eml')
    done(await kaijo(['received', 'raw', '1', '--output', file]))
    assert.equal(readFileSync(file, 'utf8'), LETTER)
    done(await kaijo(['received', 'retry', '1']))
    assert.match(done(await kaijo(['received', 'resolve', '1'])).stdout, /seen to \S+ by operator\n/)
    assert.doesNotMatch(done(await kaijo(['received', 'list', '--open'])).stdout, /^1\t/m)
  })

  it('inbound names each file that it could not take, with the reason, and takes the others', async () => {
    const odd = join(files, 'odd')
    mkdirSync(odd)
    writeFileSync(join(odd, '1'), '')
    writeFileSync(join(odd, '2'), Buffer.alloc(60_000_000, 'x'))
    writeFileSync(join(odd, '3'), 'Auto-Submitted: auto-replied\nSubject: away\n\nI am away.\n')
    const { code, stdout, stderr } = await kaijo(['inbound', join(files, 'nothing'), odd])
    assert.equal(code, 1)
    assert.match(stdout, /\/odd\/3\tother\tnothing\n$/)
    assert.match(stderr, /\/nothing: there is no such file\n/)
    assert.match(stderr, /\/odd\/2: \S.*\n/)
    assert.match(stderr, /error: \d of 4 not taken\n$/)
  })

  it('says what is wrong with a path or a number', async () => {
    const { code, stderr } = await kaijo(['inbound', join(files, 'nothing')])
    assert.equal(code, 1)
    assert.match(stderr, /\/nothing: there is no such file\nerror: 1 of 1 not taken\n$/)
    assert.equal((await kaijo(['received', 'show', 'x'])).code, 2)
    assert.equal((await kaijo(['received', 'show', '999'])).code, 1)
  })
})
