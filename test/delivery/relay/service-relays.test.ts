import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRelay } from '../../../src/delivery/relay/relay.ts'
import { createServiceRelays } from '../../../src/delivery/relay/service-relays.ts'
import { Keyring } from '../../../src/kernel/keyring.ts'
import { DatabaseUnavailable } from '../../../src/storage/database-errors.ts'
import { updateService } from '../../../src/tenants/service.ts'
import { forEachEngine } from '../../support/engines.ts'
import { startSmtpSink } from '../../support/smtp-sink.ts'
import type { Lifetime } from '../../support/temp-dir.ts'
import { someService } from '../../tenants/some-service.ts'

/** Long enough for what a test does meanwhile on a busy machine. */
const REMEMBERED_MS = 500
const ENVELOPE = { from: 'a@example.com', to: 'b@example.jp' }
const MAIL = Buffer.from('Subject: x\r\n\r\nx\r\n')
const secret = (id: string) => ({ id, bytes: randomBytes(32) })

forEachEngine((engine) => {
  async function prepared(t: Lifetime) {
    const database = await engine.open(t)
    const { service } = await someService(database)
    const sinks = {
      general: await startSmtpSink(),
      own: await startSmtpSink({ credentials: { user: 'u', pass: 'p@ss' } }),
      other: await startSmtpSink(),
    }
    const fallback = createRelay({ host: '127.0.0.1', port: sinks.general.port, secure: false })
    const keyring = new Keyring([secret('aaaaaa')])
    const opened: { close(): void }[] = [fallback]
    const open = (given: { keyring?: Keyring; database?: typeof database; rememberedMs?: number } = {}) => {
      const relays = createServiceRelays({
        database,
        keyring,
        fallback,
        rememberedMs: REMEMBERED_MS,
        ...given,
      })
      opened.push(relays)
      return relays
    }
    t.after(async () => {
      for (const relay of opened) relay.close()
      await Promise.all(Object.values(sinks).map((sink) => sink.close()))
    })
    const url = {
      own: `smtp://u:p%40ss@127.0.0.1:${sinks.own.port}`,
      other: `smtp://127.0.0.1:${sinks.other.port}`,
    }
    return { database, service, sinks, fallback, keyring, open, url }
  }

  it('sends by the relay of the service, and by the general one where it has none', async (t) => {
    const { database, service, sinks, fallback, open, url } = await prepared(t)
    const relays = open()
    const { service: another } = await someService(database)
    assert.equal(await relays.of(service.id), fallback)
    assert.equal(await relays.shown(service.id), null)

    assert.equal(await relays.set(service.id, url.own), true)
    assert.equal(await relays.set(service.id, url.own), false)
    assert.equal(await relays.shown(service.id), url.own.replace('p%40ss', '***'))
    const relay = await relays.of(service.id)
    assert.equal((await relay?.send(ENVELOPE, MAIL))?.kind, 'accepted')
    assert.deepEqual([sinks.own.messages.length, sinks.general.messages.length], [1, 0])
    assert.equal(await relays.of(service.id), relay)
    assert.equal(await relays.of(another.id), fallback)

    assert.equal(await relays.set(service.id, null), true)
    assert.equal(await relays.set(service.id, null), false)
    assert.equal(await relays.of(service.id), fallback)
  })

  it('sees what another process changes as soon as it forgets', async (t) => {
    const { service, sinks, fallback, open, url } = await prepared(t)
    const [here, there] = [open(), open()]
    assert.equal(await here.of(service.id), fallback)
    await there.set(service.id, url.own)
    assert.equal(await here.of(service.id), fallback)
    await sleep(REMEMBERED_MS + 10)
    const first = await here.of(service.id)
    await first?.send(ENVELOPE, MAIL)
    assert.equal(sinks.own.messages.length, 1)

    await there.set(service.id, url.other)
    await sleep(REMEMBERED_MS + 10)
    const second = await here.of(service.id)
    assert.notEqual(second, first)
    // Whoever still holds the old one sends by the new one.
    assert.equal((await first?.send(ENVELOPE, MAIL))?.kind, 'accepted')
    assert.equal(sinks.other.messages.length, 1)
  })

  it('asks the database once for all who ask within a moment, and again after a change', async (t) => {
    const { database, service, open, url } = await prepared(t)
    let looks = 0
    const counting = {
      ...database,
      read: ((statement) => {
        looks++
        return database.read(statement)
      }) as typeof database.read,
    }
    const relays = open({ database: counting, rememberedMs: 60_000 })
    await Promise.all([relays.of(service.id), relays.of(service.id)])
    await relays.of(service.id)
    assert.equal(looks, 1)
    await relays.set(service.id, url.own)
    assert.notEqual(await relays.of(service.id), undefined)
    assert.notEqual(looks, 1)
  })

  it('makes a relay with the connections of the service, and another one when they change', async (t) => {
    const { database, service, open, url } = await prepared(t)
    const relays = open()
    await relays.set(service.id, url.own)
    const first = await relays.of(service.id)
    assert.equal(first?.connections, 20)
    await updateService(database, service.id, { settings: { connections: 3 } })
    await sleep(REMEMBERED_MS + 10)
    const second = await relays.of(service.id)
    assert.equal(second?.connections, 3)
  })

  it('lets what is under way end before a replaced relay is closed', async (t) => {
    const { service, sinks, open, url } = await prepared(t)
    const relays = open()
    await relays.set(service.id, url.other)
    const first = await relays.of(service.id)
    await first?.send(ENVELOPE, MAIL)
    const reached = Promise.withResolvers<void>()
    sinks.other.setReply(() => void reached.resolve())
    const sending = first?.send(ENVELOPE, MAIL)
    await reached.promise
    await relays.set(service.id, url.own)
    assert.notEqual(await relays.of(service.id), first)
    assert.equal((await sending)?.kind, 'accepted')
    assert.equal(sinks.other.messages.length, 2)
  })

  it('keeps no URL in the clear, and opens one only for the service that it was sealed for', async (t) => {
    const { database, service, open, url } = await prepared(t)
    const relays = open()
    await relays.set(service.id, url.own)
    const { query } = database
    const [row] = await database.read(
      query.selectFrom('service_relay').selectAll().where('service_id', '=', service.id),
    )
    assert.match(row?.sealed_url ?? '', /^aaaaaa\.[\w-]+$/)
    const { service: another } = await someService(database)
    const moved = { service_id: another.id, sealed_url: row?.sealed_url ?? '' }
    await database.transact([query.insertInto('service_relay').values(moved)])
    assert.equal(await open().shown(another.id), '***')
    const answer = await (await open().of(another.id))?.send(ENVELOPE, MAIL)
    assert.equal(answer?.kind, 'unreachable')
    await relays.set(another.id, null)
  })

  it('seals anew with the newest key, and goes on with the same relay', async (t) => {
    const { service, keyring, open, url } = await prepared(t)
    const relays = open()
    await relays.set(service.id, url.own)
    const before = await relays.of(service.id)
    const old = keyring.newest.id
    const fresh = secret('bbbbbb')
    keyring.add(fresh)
    assert.ok((await relays.reseal()) >= 1)
    assert.equal(await relays.reseal(), 0)
    await sleep(REMEMBERED_MS + 10)
    assert.equal(await relays.of(service.id), before)
    const restarted = open({ keyring: new Keyring([fresh]) })
    assert.match((await restarted.shown(service.id)) ?? '', /^smtp:\/\/u:\*\*\*@/)
    assert.notEqual(keyring.newest.id, old)
  })

  it('takes no relay for another while the database is away', async (t) => {
    const { database, service, open } = await prepared(t)
    let away = true
    const read = ((statement) =>
      away
        ? Promise.reject(new DatabaseUnavailable('away'))
        : database.read(statement)) as typeof database.read
    const relays = open({ database: { ...database, read } })
    await assert.rejects(relays.of(service.id), DatabaseUnavailable)
    away = false
    assert.ok(await relays.of(service.id))
  })

  it('refuses what is no URL of a relay and stores nothing', async (t) => {
    const { service, open } = await prepared(t)
    const relays = open()
    await assert.rejects(relays.set(service.id, 'http://relay.example'))
    assert.equal(await relays.shown(service.id), null)
  })
})
