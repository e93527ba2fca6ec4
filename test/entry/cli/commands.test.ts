import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { tempDir } from '../../support/temp-dir.ts'
import { done, lifeOfBlock, type Place, PROVISION, place } from './kaijo.ts'

for (const engine of ['sqlite', 'postgres'] as const) {
  describe(`commands on ${engine}, without a server`, () => {
    const life = lifeOfBlock()
    const files = tempDir(life)
    let kaijo: Place['kaijo']

    before(async () => {
      const here = await place(life, engine)
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
      assert.deepEqual(Object.keys(service), ['id', 'name', 'senders', 'filters', 'forms', 'inbound'])
      assert.deepEqual(service.inbound, { signUp: null, complaints: null, unsubscribe: null })
      assert.deepEqual(Object.keys(service.filters[0]), ['name', 'classId', 'baseUrl'])
    })

    it('services list and show tell what stands in the paths of the API', async () => {
      assert.match(done(await kaijo(['services', 'list'])).stdout, /^10\tnews\n$/m)
      const { items } = JSON.parse(done(await kaijo(['services', 'list', '--json'])).stdout)
      assert.ok(items.some(({ id, name }: { id: number; name: string }) => id === 10 && name === 'news'))
      const shown = done(await kaijo(['services', 'show', 'news'])).stdout
      for (const line of ['id\t10', 'settings.connections\t20', 'lifetimeDays.sender\t90', 'relay\t–']) {
        assert.ok(shown.includes(`${line}\n`), line)
      }
      assert.equal(JSON.parse(done(await kaijo(['services', 'show', '10', '--json'])).stdout).name, 'news')
      const unknown = await kaijo(['services', 'show', 'nowhere'])
      assert.equal(unknown.code, 2)
      assert.match(unknown.stderr, /there is no service nowhere/)
    })

    it('send accepts each recipient once, however often it is repeated', async () => {
      const body = write(files, 'body.txt', 'Hello. {{unsubscribe_url}}\n')
      const recipients = write(files, 'recipients', 'hanako@example.jp\n{"to":"taro@example.jp"}\nnobody\n')
      const mail = ['send', '--service', 'news', '--from', 'News <news@example.com>', '--subject', 'Hi']
      const args = [...mail, '--text', body, '--recipients', recipients, '--request-id', 'one']
      const sent = done(await kaijo([...args, '--json']))
      const { deliveries, ...counts } = JSON.parse(sent.stdout)
      assert.deepEqual(counts, { accepted: 2, excluded: {}, malformed: ['nobody'], duplicates: 0 })
      assert.equal(deliveries.length, 1)
      const told = done(await kaijo(args))
      assert.equal(told.stdout, `delivery ${deliveries[0]}: 2 accepted\n`)
      assert.match(
        told.stderr,
        /^No server runs; the mail goes out when one does\.\nwarning: nobody cannot be mailed: .+\n$/,
      )
    })

    it('check splits a file into who gets mail and who does not', async () => {
      const file = write(files, 'check.txt', '\ufeffhanako@example.jp\r\n\r\n taro@example.jp \nnobody')
      const excluded = join(files, 'excluded.tsv')
      const args = ['check', '--service', 'news', '--from', 'news@example.com']
      const split = done(await kaijo([...args, '--excluded', excluded, file]))
      assert.equal(split.stdout, 'hanako@example.jp\ntaro@example.jp\n')
      assert.equal(readFileSync(excluded, 'utf8'), 'nobody\t\tmalformed\t\n')
      writeFileSync(excluded, '')
      const asked = { input: 'nobody\nhanako@example.jp\n' }
      const asJson = done(await kaijo([...args, '--json', '--excluded', excluded, '-'], asked))
      assert.equal(readFileSync(excluded, 'utf8'), 'nobody\t\tmalformed\t\n')
      assert.deepEqual(ndjson(asJson.stdout), [
        { address: 'nobody', deliverable: false, malformed: true },
        { address: 'hanako@example.jp', deliverable: true },
      ])
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
  })
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
