import assert from 'node:assert/strict'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { tempDir } from '../../support/temp-dir.ts'
import { done, lifeOfBlock, type Place, PROVISION, place } from './kaijo.ts'

describe('check, beside a server', () => {
  const life = lifeOfBlock()
  const files = tempDir(life)
  const at = (name: string) => join(files, name)
  let kaijo: Place['kaijo']

  before(async () => {
    const here = await place(life)
    kaijo = here.kaijo
    await here.serve()
    done(await kaijo(['provision', '-'], { input: PROVISION }))
    const adding = ['import', '-', '--service', 'news', '--action', 'add', '--wait', '--list']
    done(await kaijo([...adding, 'hard-bounces'], { input: 'email\ntaro@example.jp\n' }))
    done(await kaijo([...adding, 'sender:news@example.com'], { input: 'email\njiro@example.jp\n' }))
  })

  const check = (file: string, ...args: string[]) =>
    kaijo(['check', '--service', 'news', '--from', 'news@example.com', ...args, file])

  it('splits a CSV into rows that keep their columns, who is excluded and why, and what is no address', async () => {
    writeFileSync(
      at('customers.csv'),
      'name, E-mail address,Email \r\n"Sato, Taro",x,Taro@example.jp\r\n"Sato ""Hana""",y, hanako@example.jp\r\n\r\nJiro,z,jiro@example.jp\r\n-,-,nobody\r\nshort\r\n',
    )
    const places = ['--output', at('out.csv'), '--excluded', at('out.tsv'), '--malformed', at('bad.tsv')]
    const { stdout, stderr } = done(await check(at('customers.csv'), ...places))
    assert.equal(
      readFileSync(at('out.csv'), 'utf8'),
      'name, E-mail address,Email \r\n"Sato ""Hana""",y, hanako@example.jp\r\n',
    )
    assert.match(
      readFileSync(at('out.tsv'), 'utf8'),
      /^Taro@example\.jp\thard-bounces\tlisted\t[\d-]{10}T[\d:.]+Z\njiro@example\.jp\tsender:news@example\.com\tlisted\t\S+\n$/,
    )
    assert.equal(readFileSync(at('bad.tsv'), 'utf8'), 'nobody\t\tmalformed\t\n\t\tmalformed\t\n')
    assert.equal(
      stdout,
      '1 deliverable, 2 excluded, 2 malformed\n1 on hard-bounces\n1 on sender:news@example.com\n',
    )
    assert.equal(stderr, '')
  })

  it('tells the counts as JSON, and stays silent about nobody', async () => {
    writeFileSync(at('some.txt'), 'taro@example.jp\nhanako@example.jp\n')
    const places = ['--output', at('out.txt'), '--excluded', at('out.tsv')]
    const { stdout } = done(await check(at('some.txt'), ...places, '--json'))
    assert.deepEqual(JSON.parse(stdout), {
      deliverable: 1,
      excluded: 1,
      malformed: 0,
      lists: { 'hard-bounces': 1 },
    })
  })

  it('takes - for stdout where the deliverable go, and for nothing else', async () => {
    writeFileSync(at('some.txt'), 'hanako@example.jp\n')
    assert.equal(done(await check(at('some.txt'), '--output', '-')).stdout, 'hanako@example.jp\n')
    const { code, stdout, stderr } = await check(at('some.txt'), '--excluded', '-')
    assert.deepEqual([code, stdout], [2, ''])
    assert.match(stderr, /- is stdout/)
  })

  it('writes no file over the one that it reads, and no two into one', async () => {
    writeFileSync(at('kept.txt'), 'hanako@example.jp\n')
    symlinkSync(at('kept.txt'), at('link.txt'))
    for (const place of ['--output', '--excluded', '--malformed']) {
      const { code, stderr } = await check(at('kept.txt'), place, at('link.txt'))
      assert.deepEqual(
        [code, stderr],
        [2, `error: ${at('link.txt')} is the same file as ${at('kept.txt')}: name another one\n`],
      )
    }
    const twice = await check(at('kept.txt'), '--output', at('one.txt'), '--excluded', at('one.txt'))
    assert.equal(twice.code, 2)
    const missing = await check(at('nothing.txt'), '--output', at('kept.txt'))
    assert.deepEqual([missing.code, readFileSync(at('kept.txt'), 'utf8')], [2, 'hanako@example.jp\n'])
  })

  it('calls what is no text by its name', async () => {
    for (const [file, found] of [
      [Buffer.from('504b030414000000', 'hex'), 'a ZIP archive: unpack it'],
      [Buffer.from('1f8b0800', 'hex'), 'compressed by gzip: unpack it'],
      [Buffer.from('\ufeffemail\na@example.jp\n', 'utf16le'), 'UTF-16: save it as UTF-8'],
      [Buffer.from('email\na@example.jp\n', 'utf16le'), 'UTF-16LE: save it as UTF-8'],
    ] as const) {
      writeFileSync(at('no-text.csv'), file)
      const { code, stdout, stderr } = await check(at('no-text.csv'))
      assert.deepEqual([code, stdout], [2, ''])
      assert.match(stderr, new RegExp(found))
    }
  })

  it('reads what is not UTF-8 where the encoding is named, and writes UTF-8', async () => {
    const shiftJis = Buffer.from('email,name\r\nhanako@example.jp,\x89\xd4\r\n', 'latin1')
    writeFileSync(at('sjis.csv'), shiftJis)
    const refused = await check(at('sjis.csv'))
    assert.deepEqual(
      [refused.code, refused.stderr],
      [2, `error: ${at('sjis.csv')} is not UTF-8 at byte 31, in row 2: give --encoding\n`],
    )
    const { stdout } = done(await check(at('sjis.csv'), '--encoding', 'shift_jis'))
    assert.equal(stdout, 'email,name\r\nhanako@example.jp,花\r\n')
    const unknown = await check(at('sjis.csv'), '--encoding', 'klingon')
    assert.deepEqual([unknown.code, unknown.stderr.slice(0, 29)], [2, 'error: --encoding: klingon is'])
  })

  it('names the row or the byte of a CSV that is broken, and a header without email', async () => {
    for (const [text, sentence] of [
      ['email\na@example.jp\n"b@example.jp\n', 'row 3: a quote is opened and never closed'],
      ['mail\na@example.jp\n', 'row 1, the header, has no column email'],
      ['email,EMAIL\na@example.jp\n', 'row 1, the header, has two columns named email: columns 1 and 2'],
      ['email,name\na@example.jp,\0\n', 'byte 25 is NUL'],
      ['email,name\na@example.jp,\x1b$B;3ED\x1b(B\n', 'the file is ISO-2022-JP: save it as UTF-8'],
      ['', 'the file is empty'],
      ['email,name\n', 'the file has no data rows'],
    ] as const) {
      writeFileSync(at('broken.csv'), text)
      const { code, stderr } = await check(at('broken.csv'))
      assert.deepEqual([code, stderr], [2, `error: ${at('broken.csv')}: ${sentence}\n`])
    }
  })

  it('takes rows of any number and length in their order', async () => {
    const rows = Array.from({ length: 40_000 }, (_, index) => `reader-${index}@example.jp`)
    const long = 'x'.repeat(2_000)
    writeFileSync(
      at('many.txt'),
      [...rows.slice(0, 20_000), long, 'taro@example.jp', ...rows.slice(20_000)].join('\n'),
    )
    const { stdout, stderr } = done(await check(at('many.txt')))
    assert.equal(stdout, rows.map((row) => `${row}\n`).join(''))
    assert.match(
      stderr,
      new RegExp(`^taro@example\\.jp\\thard-bounces\\t[^\\n]+\\n${long}\\t\\tmalformed\\t\\n$`),
    )
  })
})
