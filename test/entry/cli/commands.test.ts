import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { tempDir } from '../../support/temp-dir.ts'
import { lifeOfBlock, type Outcome, type Place, PROVISION, place } from './kaijo.ts'

for (const { title, engine, serverRuns } of [
  { title: 'without a server', engine: 'sqlite', serverRuns: false },
  { title: 'beside a server', engine: 'sqlite', serverRuns: true },
  { title: 'on PostgreSQL', engine: 'postgres', serverRuns: false },
] as const) {
  describe(`commands ${title}`, () => {
    const life = lifeOfBlock()
    const files = tempDir(life)
    let kaijo: Place['kaijo']

    before(async () => {
      const here = await place(life, engine)
      if (serverRuns) await here.serve()
      kaijo = here.kaijo
      const provisioned = done(await kaijo(['provision', '-'], { input: PROVISION }))
      const [site] = JSON.parse(provisioned.stdout).sites
      const [service] = site.services
      const [{ classId, baseUrl }, shop] = service.senders
      assert.match(classId, /^[a-z2-7]{16}$/)
      assert.equal(baseUrl, `http://localhost:8080/${classId}`)
      assert.equal(shop.oneClick, false)
      assert.deepEqual(Object.keys(site), ['id', 'name', 'apiUsers', 'services'])
      assert.deepEqual(site.apiUsers, [{ name: 'api@acme.example', role: 'group-admin' }])
      assert.deepEqual(Object.keys(service), ['id', 'name', 'senders', 'filters'])
      assert.deepEqual(Object.keys(service.filters[0]), ['name', 'classId', 'baseUrl'])
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

    it('send accepts, check and a second send exclude, resume undoes it, export tells it', async () => {
      const body = write(files, 'body.txt', 'Hello. {{unsubscribe_url}}\n')
      const recipients = write(files, 'recipients', 'hanako@example.jp\n{"to":"taro@example.jp"}\nnobody\n')
      const mail = ['send', '--service', 'news', '--from', 'News <news@example.com>', '--subject', 'Hi']
      const args = [...mail, '--text', body, '--recipients', recipients, '--request-id', 'one']
      const sent = done(await kaijo([...args, '--json']))
      const { deliveries, ...counts } = JSON.parse(sent.stdout)
      assert.deepEqual(counts, { accepted: 2, excluded: {}, malformed: ['nobody'] })
      assert.equal(deliveries.length, 1)
      const repeated = done(await kaijo([...args, '--json']))
      assert.equal(repeated.stdout, sent.stdout)
      const told = done(await kaijo(args))
      assert.equal(told.stdout, `delivery ${deliveries[0]}: 2 accepted\n`)
      assert.match(told.stderr, /^warning: nobody is no mail address$/m)
      assert.equal(/^No server runs/m.test(told.stderr), !serverRuns)
    })

    it('check splits a file into who gets mail and who does not', async () => {
      const file = write(files, 'check.txt', '\ufeffhanako@example.jp\r\n\r\n taro@example.jp \nnobody')
      const excluded = join(files, 'excluded.tsv')
      const args = ['check', '--service', 'news', '--from', 'news@example.com']
      const split = done(await kaijo([...args, '--excluded', excluded, file]))
      assert.equal(split.stdout, 'hanako@example.jp\ntaro@example.jp\n')
      assert.equal(readFileSync(excluded, 'utf8'), 'nobody\t\tmalformed\t\n')
      const asJson = done(await kaijo([...args, '--json', '-'], { input: 'nobody\nhanako@example.jp\n' }))
      assert.deepEqual(ndjson(asJson.stdout), [
        { address: 'nobody', deliverable: false, malformed: true },
        { address: 'hanako@example.jp', deliverable: true },
      ])
    })

    it('resume counts, and names what is no address', async () => {
      const args = ['resume', '--service', 'news', '--list', 'sender:news@example.com']
      const { stdout, stderr } = done(await kaijo([...args, 'taro@example.jp', 'nobody']))
      assert.equal(stdout, '0 resumed, 1 were not excluded, 1 malformed\n')
      assert.equal(stderr, 'warning: nobody is no mail address\n')
      const wrong = await kaijo([...args, '--file', '-', '--json'], { input: 'nobody\n' })
      assert.deepEqual(JSON.parse(wrong.stdout), { changed: 0, unchanged: 0, malformed: ['nobody'] })
      assert.deepEqual(
        [wrong.code, wrong.stderr.split('\n').at(-2)],
        [2, 'error: no address could be resumed'],
      )
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

    it('keys rotate makes a new first key, keys list never shows one', async () => {
      const [before] = JSON.parse(done(await kaijo(['keys', 'list', '--json'])).stdout).items
      const { keyId } = JSON.parse(done(await kaijo(['keys', 'rotate', '--json'])).stdout)
      const listed = done(await kaijo(['keys', 'list', '--json'])).stdout
      const { items } = JSON.parse(listed)
      assert.deepEqual(
        items.map(({ id }: { id: string }) => id),
        [keyId, before.id],
      )
      assert.deepEqual(Object.keys(items[0]), ['id', 'createdAt'])
      const repaired = done(await kaijo(['keys', 'repair', '--json']))
      assert.deepEqual(JSON.parse(repaired.stdout), { replayed: 0, broken: 0, stillUnknown: [] })
    })

    it('a backup restores elsewhere, with the keys', async (t) => {
      const report = JSON.parse(done(await kaijo(['backup', files, '--json'])).stdout)
      assert.equal(report.tables.dkim_key >= 0, true)
      const there = await place(t)
      const restored = JSON.parse(done(await there.kaijo(['restore', report.directory, '--json'])).stdout)
      assert.equal(restored.keys.outcome, 'restored')
      const ids = async (run: Place['kaijo']) => done(await run(['keys', 'list', '--json'])).stdout
      assert.equal(await ids(there.kaijo), await ids(kaijo))
    })

    it('migrate says that the schema is up to date', async () => {
      const { stdout } = done(await kaijo(['migrate', '--json']))
      const { engine: found, applied, version } = JSON.parse(stdout)
      assert.deepEqual({ found, applied }, { found: engine, applied: [] })
      assert.ok(version >= 1)
    })

    it('doctor reports each check', async () => {
      const { code, stdout } = await kaijo(['doctor', '--json'])
      const { checks, healthy } = JSON.parse(stdout)
      assert.equal(code, healthy ? 0 : 1)
      const database = checks.find(({ name }: { name: string }) => name === 'database')
      assert.equal(database.status, 'ok')
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
          ['check', '--service', 'news', '--from', 'news@example.com', '-'],
          Buffer.from([0x93, 0xfa]),
          'error: stdin is not UTF-8\n',
        ],
      ] as const) {
        const { code, stdout, stderr } = await kaijo(args, { input })
        if (typeof sentence === 'string') assert.equal(stderr, sentence)
        else assert.match(stderr, sentence)
        assert.deepEqual({ code, stdout }, { code: 2, stdout: '' })
      }
    })
  })
}

function done(outcome: Outcome): Outcome {
  assert.equal(outcome.code, 0, outcome.stderr)
  return outcome
}

function write(dir: string, name: string, content: string): string {
  writeFileSync(join(dir, name), content)
  return join(dir, name)
}

function ndjson(text: string): unknown[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}
