import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { addTenant, install } from '../../support/installation.ts'
import { startPostgres } from '../../support/postgres.ts'
import { startSmtpSink } from '../../support/smtp-sink.ts'
import { addApiUser, authPlain, mail, send } from './gateway.ts'
import { connectRaw } from './raw-client.ts'

describe('an SMTP gateway that is stopped', () => {
  it('ends the message that is coming in, lets go of idle clients, and takes no others', async (t) => {
    const { installation, signIn } = await gateway(t)
    const [busy, idle] = [await signIn(), await signIn()]
    await busy.say('MAIL FROM:<>')
    await busy.say('RCPT TO:<taro@example.jp>')
    await busy.say('DATA')
    busy.write('From: news@example.com\r\n')
    const { database } = installation.capabilities
    const stopped = installation.close()
    assert.match(await idle.reply(), /^421 4\.3\.2 /)
    assert.equal(await idle.closed(), '')
    await assert.rejects(connectRaw(installation.smtp))
    await assert.rejects(Promise.race([stopped, Promise.reject(new Error('still open'))]), /still open/)
    assert.match(await busy.say('\r\nBody\r\n.'), /^250 2\.0\.0 queued/)
    assert.match(await busy.reply(), /^421 4\.3\.2 /)
    await busy.closed()
    await stopped
    await assert.rejects(database.read(database.query.selectFrom('message').select('id')))
  })
})

describe('an SMTP gateway whose database is away', () => {
  it('asks clients to come again, and stores nothing that it has not said', async (t) => {
    const database = await startPostgres({ dedicated: true })
    t.after(() => database.stop())
    const { installation, signIn, user } = await gateway(t, database.url)
    const [client, other] = [await signIn(), await connectRaw(installation.smtp)]
    await other.say('EHLO client')
    await database.kill()
    assert.equal(await send(client, mail()), '451 4.3.0 the database is away; try again later')
    assert.match(await other.say(authPlain(user)), /^454 4\.7\.0 /)
    await database.start()
    installation.time.now += 60_000
    let reply = ''
    while (!reply.startsWith('250')) {
      installation.time.now += 5_000
      reply = await send(client, mail())
      assert.match(reply, /^(?:250|451) /)
    }
    const { query, read } = installation.capabilities.database
    assert.equal((await read(query.selectFrom('message').select('id'))).length, 1)
    for (const one of [client, other]) one.destroy()
  })
})

async function gateway(t: TestContext, databaseUrl?: string) {
  const sink = await startSmtpSink()
  t.after(() => sink.close())
  const installation = await install(t, databaseUrl ? 'postgres' : 'sqlite', {
    serves: 'smtp',
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  })
  const { service } = await addTenant(installation)
  const user = await addApiUser(installation, service)
  const signIn = async () => {
    const client = await connectRaw(installation.smtp)
    await client.say('EHLO client')
    assert.match(await client.say(authPlain(user)), /^235 /)
    return client
  }
  return { installation, user, signIn }
}
