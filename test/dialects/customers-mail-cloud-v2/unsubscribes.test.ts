import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { TextWriter, Uint8ArrayReader, ZipReader } from '@zip.js/zip.js'
import { createExportPasswords } from '../../../src/exports/export-passwords.ts'
import { DAY_MS } from '../../../src/kernel/clock.ts'
import { updateService } from '../../../src/tenants/service.ts'
import { forEachEngine } from '../../support/engines.ts'
import { NOON, sharedInstallation } from '../../support/installation.ts'
import { ADMIN, addSites, NEW_YORKER, READER, STRANGER } from './vendor-client.ts'

const NEWS = { server_composition: 'news' }
const HEAD = '"created","email","filtername"\n'

forEachEngine((engine) => {
  const installation = sharedInstallation(engine.name, () => ({ serves: 'http' }))
  let world: Awaited<ReturnType<typeof addSites>>
  const lists = { sender: 0, a: 0, b: 0 }

  before(async () => {
    world = await addSites(installation())
    lists.sender = await world.listId('sender', 'news@example.com')
    lists.a = await world.listId('filter', '配信リストA')
    lists.b = await world.listId('filter', '配信リストB')
    const at = async (text: string, list: number, address: string) => {
      world.time.now = Date.parse(text)
      await world.stop(list, address)
    }
    await at('2015-12-14T08:46:00+09:00', lists.a, 'From1@example.com')
    await at('2015-12-14T12:19:00+09:00', lists.b, 'from2@example.com')
    await at('2026-09-30T23:59:59+09:00', lists.sender, 'late@example.jp')
    await at('2026-10-01T00:00:00+09:00', lists.sender, 'early@example.jp')
    world.time.now = NOON
  })

  const download = async (params: object, from: object = READER) => {
    const answer = await world.json('unsubscribes/download.json', { ...from, ...NEWS, ...params })
    assert.equal(answer.status, 200, answer.text)
    return { ...answer, ...(await unzip(answer.bytes)) }
  }
  const found = async (params: object, from?: object) => {
    const { text } = await download(params, from)
    return [...text.matchAll(/","([^"]+)","/g)].slice(1).map(([, address = '']) => address.split('@')[0])
  }

  describe('unsubscribes/download', () => {
    it('is a ZIP named by the moment, with everything in quotes and LF at line ends', async () => {
      const { type, headers, name, text } = await download({ end_date: '2015-12-31' })
      assert.equal(type, 'application/octet-stream')
      assert.equal(
        headers.get('content-disposition'),
        'attachment; filename="unsubscribes-20261001_120000.zip"',
      )
      assert.equal(name, 'unsubscribes-20261001_120000.csv')
      assert.equal(
        text,
        `${HEAD}"2015-12-14 08:46:00","From1@example.com","配信リストA"\n` +
          '"2015-12-14 12:19:00","from2@example.com","配信リストB"\n',
      )
    })

    it('shows the address of a sender in the place of a filter', async () => {
      const { text } = await download({ start_date: '2026-10-01' })
      assert.equal(text, `${HEAD}"2026-10-01 00:00:00","early@example.jp","news@example.com"\n`)
    })

    it('finds a part of the address, case aside, and a filter by its whole name', async () => {
      assert.deepEqual(await found({ email: 'FROM' }), ['From1', 'from2'])
      assert.deepEqual(await found({ email: '%' }), [])
      assert.deepEqual(await found({ filter_name: '配信リストB' }), ['from2'])
      assert.deepEqual(await found({ filter_name: '配信リスト' }), [])
      assert.deepEqual(await found({ filter_name: 'news@example.com' }), ['early', 'late'])
    })

    it('counts days whole in the zone of the composition, or of the user', async () => {
      assert.deepEqual(await found({ start_date: '2026-09-30', end_date: '2026-09-30' }), ['late'])
      assert.deepEqual(await found({ start_date: '2026-10-01', end_date: '2026-10-01' }), ['early'])
      assert.deepEqual(await found({ start_date: '2026-09-30', end_date: '2026-09-30' }, NEW_YORKER), [
        'early',
        'late',
      ])
      assert.deepEqual(await found({ start_date: '2026-10-01' }, NEW_YORKER), [])
      const { text, headers } = await download({ email: 'early' }, NEW_YORKER)
      assert.match(text, /"2026-09-30 11:00:00","early/)
      assert.match(headers.get('content-disposition') ?? '', /unsubscribes-20260930_230000\.zip/)
    })

    it('goes by the day on which the stop began, whatever was repeated since', async () => {
      await world.stop(lists.sender, 'late@example.jp', 'unsubscribed', '9.9@example.com')
      assert.deepEqual(await found({ start_date: '2026-09-30', end_date: '2026-09-30' }), ['late'])
    })

    it('leaves out who was made deliverable again, or is by a lifetime', async () => {
      await world.stop(lists.a, 'gone@example.jp')
      await world.json('unsubscribes/cancel.json', { ...ADMIN, ...NEWS, email: 'gone@example.jp' })
      assert.deepEqual(await found({ email: 'gone' }), [])
      world.time.now = NOON + 90 * DAY_MS
      assert.deepEqual(await found({}), ['From1', 'from2'])
      world.time.now = NOON
    })

    it('keeps what was stopped under a filter that is deleted by now', async () => {
      const { query } = world.database
      await world.stop(lists.b, 'archived@example.jp')
      const archive = (archived_at: number | null) =>
        world.database.transact([query.updateTable('list').set({ archived_at }).where('id', '=', lists.b)])
      await archive(NOON)
      assert.deepEqual(await found({ email: 'archived' }), ['archived'])
      await archive(null)
    })

    it('is encrypted where the service has a password, and with AES where that is its setting', async () => {
      const { capabilities } = installation()
      const id = await world.serviceId('news')
      const passwords = createExportPasswords(capabilities.database, capabilities.keyring)
      await passwords.set(id, 'of-the-zip-files')
      for (const exportEncryption of ['zipcrypto', 'aes-256'] as const) {
        await updateService(capabilities.database, id, { settings: { exportEncryption } })
        const { bytes } = await world.json('unsubscribes/download.json', { ...READER, ...NEWS })
        const { text, encrypted, aes } = await unzip(bytes, 'of-the-zip-files')
        assert.ok(text.startsWith(HEAD))
        assert.deepEqual([encrypted, aes], [true, exportEncryption === 'aes-256'])
      }
      await passwords.set(id, null)
    })

    it('is on record, without the address that was looked for', async () => {
      await download({ email: 'secret-part' })
      const [entry] = await world.database.read(
        world.database.query.selectFrom('audit_entry').selectAll().orderBy('id', 'desc').limit(1),
      )
      assert.deepEqual([entry?.actor, entry?.action], ['api:reader@acme.example', 'export.unsubscribes'])
      assert.ok(!entry?.detail_json.includes('secret-part'))
    })
  })

  describe('unsubscribes/list', () => {
    it('gives ten records a page, as JSON and as XML', async () => {
      const list = async (params: object, format = 'json') =>
        world.json(`unsubscribes/list.${format}`, { ...READER, ...NEWS, ...params })
      const json = await list({ end_date: '2015-12-31' })
      assert.equal(json.type, 'application/json; charset=utf-8')
      assert.equal(
        json.text,
        '{"unsubscribes":[{"created":"2015-12-14 08:46:00","email":"From1@example.com","filtername":"配信リストA"},' +
          '{"created":"2015-12-14 12:19:00","email":"from2@example.com","filtername":"配信リストB"}]}',
      )
      const xml = await list({ end_date: '2015-12-31', r: '1' }, 'xml')
      assert.equal(xml.type, 'application/xml; charset=utf-8')
      assert.equal(
        xml.text.replaceAll('\n', ''),
        '<unsubscribes><unsubscribe><created>2015-12-14 08:46:00</created><email>From1@example.com</email>' +
          '<filtername>配信リストA</filtername></unsubscribe></unsubscribes>',
      )
    })

    it('leafs by p from 0 and r, through all of them once', async () => {
      for (let index = 0; index < 25; index++) await world.stop(lists.a, `leaf${index}@example.jp`)
      const page = async (p: number, r: unknown) => {
        const { text } = await world.json('unsubscribes/list.json', {
          ...{ ...READER, ...NEWS, email: 'leaf' },
          ...{ p, r },
        })
        return (JSON.parse(text) as { unsubscribes: { email: string }[] }).unsubscribes
      }
      const all = [...(await page(0, 10)), ...(await page(1, '10')), ...(await page(2, 10))]
      assert.equal(new Set(all.map(({ email }) => email)).size, 25)
      assert.equal(all.length, 25)
      assert.deepEqual(await page(3, 10), [])
      assert.equal((await page(0, undefined)).length, 10)
      assert.equal((await page(0, 100)).length, 25)
    })
  })

  describe('unsubscribes/cancel', () => {
    const cancel = (email: unknown, params: object = {}, format = 'json') =>
      world.json(`unsubscribes/cancel.${format}`, { ...ADMIN, ...NEWS, email, ...params })

    it('answers as the vendor does', async () => {
      await world.stop(lists.a, 'a@example.jp')
      assert.equal((await cancel('A@example.jp')).text, '{"message":"success"}')
      assert.equal(await world.isStopped(lists.a, 'a@example.jp'), false)
      await world.stop(lists.a, 'a@example.jp')
      const xml = await cancel('a@example.jp', {}, 'xml')
      assert.equal(xml.text, '<success>\n<message>success</message>\n</success>')
    })

    const FORMS: [name: string, email: unknown][] = [
      ['a bare address', 'c1@example.jp'],
      ['an object', { name: 'C', address: 'c1@example.jp' }],
      ['an object that says email', { name: '', email: 'c1@example.jp' }],
      [
        'an array of objects',
        [
          { name: '', address: 'c1@example.jp' },
          { email: 'c2@example.jp', more: 1 },
        ],
      ],
      ['an array of addresses', ['c1@example.jp', 'c2@example.jp']],
    ]
    for (const [name, email] of FORMS) {
      it(`takes ${name}, in JSON, as JSON in a text and in a form`, async () => {
        const text = typeof email === 'string' ? email : JSON.stringify(email)
        const ways = [
          () => cancel(email),
          () => cancel(text),
          () => world.form('unsubscribes/cancel.json', { ...ADMIN, ...NEWS, email: text }),
        ]
        for (const way of ways) {
          await world.stop(lists.a, 'c1@example.jp')
          await world.stop(lists.sender, 'c2@example.jp')
          const { status, text: body } = await way()
          assert.deepEqual([status, body], [200, '{"message":"success"}'])
          assert.equal(await world.isStopped(lists.a, 'c1@example.jp'), false)
          assert.equal(await world.isStopped(lists.sender, 'c2@example.jp'), !Array.isArray(email))
        }
      })
    }

    it('cancels on the list of one filter alone when it is named', async () => {
      await world.stop(lists.a, 'd@example.jp')
      await world.stop(lists.b, 'd@example.jp')
      assert.equal((await cancel('d@example.jp', { filter_name: '配信リストB' })).status, 200)
      assert.equal(await world.isStopped(lists.a, 'd@example.jp'), true)
      assert.equal(await world.isStopped(lists.b, 'd@example.jp'), false)
    })

    it('changes nothing when one of many is not there, and tells every place', async () => {
      await world.stop(lists.a, 'e@example.jp')
      const emails = ['e@example.jp', 'x@example.jp', '', { name: 'x' }, 'E@EXAMPLE.JP', 'no address']
      const { status, text } = await cancel(emails, {}, 'json')
      const { errors } = JSON.parse(text) as { errors: { code: string; field: string; message: string }[] }
      assert.equal(status, 400)
      assert.deepEqual(
        errors.map(({ code, field, message }) => [code, field, /\((\d)\)$/.exec(message)?.[1]]),
        [
          ['15-007', 'email', '2'],
          ['15-003', 'email', '3'],
          ['15-004', 'email', '4'],
          ['15-006', 'email', '5'],
          ['15-007', 'email', '6'],
        ],
      )
      assert.equal(await world.isStopped(lists.a, 'e@example.jp'), true)
      const known = await cancel(['e@example.jp', 'x@example.jp'])
      assert.deepEqual(
        (JSON.parse(known.text) as { errors: { code: string }[] }).errors.map(({ code }) => code),
        ['15-007'],
      )
      assert.equal(await world.isStopped(lists.a, 'e@example.jp'), true)
    })

    it('takes a thousand at once', async () => {
      const many = Array.from({ length: 1_000 }, (_, index) => `m${index}@example.jp`)
      await Promise.all(many.map((address) => world.stop(lists.a, address)))
      assert.equal((await cancel(many)).status, 200)
      assert.equal(await world.isStopped(lists.a, 'm999@example.jp'), false)
    })

    it('waits for the hour of the composition where it has one', async () => {
      const { database } = installation().capabilities
      const id = await world.serviceId('news')
      await updateService(database, id, { settings: { cancelMode: 'daily 03:00' } })
      await world.stop(lists.a, 'w@example.jp')
      assert.equal((await cancel('w@example.jp')).text, '{"message":"success"}')
      assert.equal(await world.isStopped(lists.a, 'w@example.jp'), true)
      assert.match((await cancel('nobody@example.jp')).text, /12-001/)
      await updateService(database, id, { settings: { cancelMode: 'immediate' } })
    })

    it('is not for a stranger, who cannot tell that the composition exists', async () => {
      await world.stop(lists.a, 's@example.jp')
      const { status, text } = await world.json('unsubscribes/cancel.json', {
        ...{ ...STRANGER, ...NEWS, email: 's@example.jp' },
      })
      assert.deepEqual([status, /10-002/.test(text)], [400, true])
      assert.equal(await world.isStopped(lists.a, 's@example.jp'), true)
    })
  })
})

async function unzip(bytes: Buffer, password?: string) {
  const zip = new ZipReader(new Uint8ArrayReader(new Uint8Array(bytes)), { useWebWorkers: false })
  const [entry, ...others] = await zip.getEntries()
  assert.equal(others.length, 0)
  if (!entry || entry.directory) throw new Error('the ZIP holds no file')
  const text = await entry.getData(new TextWriter(), {
    useWebWorkers: false,
    ...(password !== undefined && { password }),
  })
  return {
    name: entry.filename,
    text,
    encrypted: entry.encrypted,
    aes: entry.zipCrypto !== true && entry.encrypted,
  }
}
