import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { done, lifeOfBlock, type Place, PROVISION, place } from './kaijo.ts'

describe('commands without a server', () => {
  const life = lifeOfBlock()
  let kaijo: Place['kaijo']

  before(async () => {
    const here = await place(life)
    kaijo = here.kaijo
    done(await kaijo(['provision', '-'], { input: PROVISION }))
  })

  it('headers prints two lines to paste, or JSON', async () => {
    const args = ['headers', '--service', '10', '--from', 'news@example.com', '--to', 'taro@example.jp']
    const { stdout } = done(await kaijo(args))
    const [first = '', second, rest] = stdout.split('\n')
    assert.match(first, /^List-Unsubscribe: <http:\/\/localhost:8080\/[a-z2-7]{16}\/-[\w-]{40,}>$/)
    assert.equal(second, 'List-Unsubscribe-Post: List-Unsubscribe=One-Click')
    assert.equal(rest, '')
    const minted = JSON.parse(done(await kaijo([...args, '--json'])).stdout)
    assert.deepEqual(Object.keys(minted), ['listUnsubscribe', 'listUnsubscribePost', 'url'])
  })

  it('resume counts, and names what is no address', async () => {
    const args = ['resume', '--service', 'news', '--list', 'sender:news@example.com']
    const { stdout, stderr } = done(await kaijo([...args, 'taro@example.jp', 'nobody']))
    assert.equal(stdout, '0 resumed, 1 not excluded, 1 malformed\n')
    assert.equal(stderr, 'warning: nobody is not a mail address\n')
    const wrong = await kaijo([...args, '--file', '-', '--json'], { input: 'nobody\n' })
    assert.deepEqual(JSON.parse(wrong.stdout), { changed: 0, unchanged: 0, malformed: ['nobody'] })
    const [, said = ''] = wrong.stderr.split('\n')
    assert.deepEqual([wrong.code, JSON.parse(said).detail], [2, 'no address could be resumed'])
  })

  it('send to addresses of which none could get a mail is a mistake', async () => {
    const args = ['send', '--from', 'news@example.com', '--subject', 'Hi', '--text', '-', '--to', 'nobody']
    const { code, stderr } = await kaijo(args, { input: 'Hello' })
    assert.deepEqual([code, stderr.split('\n').at(-2)], [2, 'error: no recipient could be accepted'])
  })

  it('dkim create prints the record, whole and in the strings of a zone file; dkim list names it', async () => {
    const args = ['dkim', 'create', '--domain', 'Example.com', '--selector', 'k1']
    const { stdout } = done(await kaijo(args))
    const [, record = ''] =
      /^k1\._domainkey\.example\.com\. TXT\n\n {2}(v=DKIM1; k=rsa; p=\S+)\n/.exec(stdout) ?? []
    const strings = [...stdout.matchAll(/"([^"]+)"/g)].map(([, part = '']) => part)
    assert.equal(strings.join(''), record)
    assert.ok(record !== '' && strings.every((part) => part.length <= 255))
    const { items } = JSON.parse(done(await kaijo(['dkim', 'list', '--json'])).stdout)
    assert.deepEqual(
      items.map(({ dnsName }: { dnsName: string }) => dnsName),
      ['k1._domainkey.example.com'],
    )
    const again = await kaijo(args)
    assert.deepEqual([again.code, again.stderr], [1, 'error: selector: example.com has a key k1 already\n'])
  })

  it('a mistake in a file or an argument is told with its field and exit code 2', async () => {
    const headers = ['headers', '--from', 'news@example.com', '--to', 'taro@example.jp']
    for (const [args, input, sentence] of [
      [
        ['provision', '-'],
        'sites: [{ name: x, services: [{ name: y, timeZone: Mars }] }]',
        'error: stdin: sites[0].services[0].timeZone: must be an IANA time zone, e.g. Asia/Tokyo\n',
      ],
      [['provision', 'nowhere.yaml'], '', 'error: nowhere.yaml: there is no such file\n'],
      [
        [...headers, '--service', 'nosuch'],
        '',
        /^error: --service: there is no service nosuch; there is .*news \(10\)\n$/,
      ],
      [
        ['headers', '--service', 'news', '--from', 'nobody@example.com', '--to', 'taro@example.jp'],
        '',
        'error: from: nobody@example.com is not registered for one-click\n',
      ],
      [
        ['check', '--service', 'news', '--from', 'news@example.com', '--excluded', '/no/file', '-'],
        '',
        'error: /no/file cannot be written (ENOENT)\n',
      ],
      [
        ['check', '--service', 'news', '--from', 'news@example.com', '-'],
        Buffer.from([0x93, 0xfa]),
        'error: stdin is not UTF-8 at byte 1, in row 1: give --encoding\n',
      ],
      [
        ['send', '--from', 'zzz@zz.zz', '--subject', 'Hi', '--text', '-', '--to', 'taro@example.jp'],
        'Hello',
        /^error: from: .+\n$/,
      ],
      [['restore', '/nowhere'], '', /^error: \/nowhere is not a backup: .+\n$/],
    ] as const) {
      const { code, stdout, stderr } = await kaijo(args, { input })
      if (typeof sentence === 'string') assert.equal(stderr, sentence)
      else assert.match(stderr, sentence)
      assert.deepEqual({ code, stdout }, { code: 2, stdout: '' })
    }
  })
})
