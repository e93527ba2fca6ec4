import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Transporter } from 'nodemailer'
import type { Capabilities } from '../../src/app/capabilities.ts'
import { queueDepth } from '../../src/messages/reading/queue-depth.ts'
import { startScriptedRelay } from '../delivery/relay/scripted-relay.ts'
import { addApiUser, mailer } from '../entry/smtp/gateway.ts'
import { freePort } from '../support/free-port.ts'
import { addTenant, install } from '../support/installation.ts'
import { startPostgres } from '../support/postgres.ts'
import { startServerProcess } from '../support/server-process.ts'

const MAILS = 600
const CONNECTIONS = 10
/** Mails that were taken: in the middle of them. */
const KILLED_AFTER = 150

/** Submits mails to each of the recipients over several connections; gathers whose were answered 250. */
async function submit(
  transport: Transporter,
  recipients: readonly string[],
  acknowledged: string[] = [],
): Promise<string[]> {
  await Promise.all(
    recipients.map((to) =>
      transport
        .sendMail({ from: 'news@example.com', to, subject: 'News', text: 'Hello' })
        .then(() => acknowledged.push(to))
        .catch(() => {}),
    ),
  )
  return acknowledged
}

const poolOf = (address: string, user: string) =>
  mailer(address, user, { pool: true, maxConnections: CONNECTIONS, maxMessages: Number.POSITIVE_INFINITY })

const names = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}@example.jp`)

/** Who was mailed how often, by what the relay acknowledged. */
function countMailed(messages: readonly Buffer[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const message of messages) {
    const to = /^To: (.*)\r$/m.exec(message.toString('latin1'))?.[1] ?? ''
    counts.set(to, (counts.get(to) ?? 0) + 1)
  }
  return counts
}

describe('two processes on one PostgreSQL before a relay that refuses, defers and cuts off', () => {
  it('deliver every mail that they took exactly once, or say why not', async (t) => {
    const { url: databaseUrl, stop } = await startPostgres()
    t.after(stop)
    const taken: Buffer[] = []
    let answers = 0
    const relay = await startScriptedRelay(t, (command) => {
      answers++
      if (command.startsWith('RCPT TO:<gone')) return '550 5.1.1 no such user'
      if (command.startsWith('RCPT') && answers % 41 === 0) return '450 4.2.1 later'
      if (command.startsWith('MAIL') && answers % 97 === 0) return '421 4.3.2 closing'
      if (command !== '.') return undefined
      // Nothing is acknowledged that is cut off here: to send it again is right.
      if (answers % 53 === 0) return false
      if (answers % 67 === 0) return '451 4.3.0 try again'
      taken.push(relay.messages.at(-1) as Buffer)
      return undefined
    })
    const env = {
      KAIJO_RELAY_URL: `smtp://127.0.0.1:${relay.port}`,
      KAIJO_SECRET_KEYS: randomBytes(32).toString('base64'),
    }
    const one = await install(t, 'postgres', { databaseUrl, env, serves: 'smtp,worker' })
    const other = await install(t, 'postgres', { databaseUrl, env, serves: 'smtp,worker' })
    const tenant = await addTenant(one)
    const user = await addApiUser(one, tenant.service)
    const transports = [one, other].map(({ smtp }) => poolOf(smtp, user))
    t.after(() => {
      for (const transport of transports) transport.close()
    })
    const recipients = [...names(MAILS, 'r'), ...names(20, 'gone')]
    const halves = [recipients.slice(0, MAILS / 2), recipients.slice(MAILS / 2)]
    const acknowledged = (
      await Promise.all(halves.map((half, index) => submit(transports[index] as Transporter, half)))
    ).flat()
    assert.equal(acknowledged.length, recipients.length)

    await emptied(one.capabilities, () => {
      for (const { time, capabilities } of [one, other]) {
        time.now += 20_000
        capabilities.handOff.wake()
      }
    })
    const mailed = countMailed(taken)
    assert.deepEqual([...mailed.keys()].toSorted(), names(MAILS, 'r').toSorted())
    assert.ok([...mailed.values()].every((count) => count === 1))
    const { query } = one.capabilities.database
    const failed = await one.capabilities.database.read(
      query.selectFrom('message').select(['address', 'reply']).where('state', '=', 'failed').orderBy('id'),
    )
    assert.deepEqual(failed.map(({ address }) => address).toSorted(), names(20, 'gone').toSorted())
    assert.ok(failed.every(({ reply }) => reply === '550 5.1.1 no such user'))
  })
})

describe('a gateway that is killed with kill -9 while mail goes through it', () => {
  it('loses nothing that it acknowledged, and repeats no more than was under way', async (t) => {
    const KILLS = 3
    const taken: Buffer[] = []
    const relay = await startScriptedRelay(t, (command) => {
      if (command === '.') taken.push(relay.messages.at(-1) as Buffer)
      return undefined
    })
    const installation = await install(t, 'sqlite')
    const tenant = await addTenant(installation)
    const user = await addApiUser(installation, tenant.service)
    const { dataDir } = installation
    await installation.close()
    const port = await freePort()
    const env = {
      KAIJO_DATA_DIR: dataDir,
      KAIJO_RELAY_URL: `smtp://127.0.0.1:${relay.port}`,
      KAIJO_SERVICES: 'http,smtp,worker',
      KAIJO_SMTP_LISTEN: `127.0.0.1:${port}`,
    }
    const acknowledged: string[] = []
    for (let kills = 0; kills < KILLS; kills++) {
      const server = await startServerProcess(env)
      t.after(server.kill)
      const transport = poolOf(`127.0.0.1:${port}`, user)
      const before = acknowledged.length
      const load = submit(transport, names(MAILS, `k${kills}-`), acknowledged)
      while (acknowledged.length < before + KILLED_AFTER) await sleep(5)
      await server.kill()
      await load
      transport.close()
    }
    const last = await install(t, 'sqlite', {
      dataDir,
      now: Date.now(),
      serves: 'worker',
      env: { KAIJO_RELAY_URL: env.KAIJO_RELAY_URL },
    })
    await emptied(last.capabilities, () => {
      last.time.now += 1_000
    })
    const mailed = countMailed(taken)
    assert.deepEqual(
      acknowledged.filter((to) => !mailed.has(to)),
      [],
    )
    const repeated = [...mailed.values()].filter((count) => count > 1).length
    assert.ok(repeated <= KILLS * 3 * CONNECTIONS, `${repeated} repeated`)
  })
})

/** Waits until nothing is in the queue; `meanwhile` moves time. */
async function emptied({ database }: Capabilities, meanwhile: () => void): Promise<void> {
  const deadline = Date.now() + 120_000
  for (;;) {
    const { depth } = await queueDepth(database, 0)
    if (depth === 0) return
    if (Date.now() > deadline) throw new Error(`${depth} are still in the queue`)
    meanwhile()
    await sleep(100)
  }
}
