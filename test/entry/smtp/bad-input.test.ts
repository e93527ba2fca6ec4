import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { beforeEach, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { addClient, authPlain, type Client, type Gateway, mail, send, sharedGateway } from './gateway.ts'
import { connectRaw, type RawClient, speakOver } from './raw-client.ts'

const NOTHING = { deliveries: 0, messages: 0 }

describe('what the SMTP gateway refuses', () => {
  const shared = sharedGateway('sqlite', { KAIJO_SMTP_MAX_SIZE: '65536' })
  let gateway: Gateway
  let client: Client
  let raw: RawClient
  beforeEach(async (t) => {
    gateway = shared()
    client = await addClient(gateway)
    raw = await client.raw()
    if ('after' in t) t.after(() => raw.destroy())
  })

  const messages: [what: string, content: string, reply: RegExp][] = [
    [
      'a From that is not its own',
      mail().replace('news@', 'ceo@'),
      /^550 5\.7\.1 ceo@example\.com is not a sender/,
    ],
    ['no From', mail().replace('From', 'X-From'), /^550 5\.6\.0 the message has no From field$/],
    [
      'two From fields',
      mail('FROM : other@example.com'),
      /^550 5\.6\.0 the message has more than one From field$/,
    ],
    [
      'a From with two mailboxes',
      mail().replace('News', 'a@example.com,'),
      /^550 5\.6\.0 .*exactly one mailbox/,
    ],
    ['a From with nobody', mail().replace(/From:.*/, 'From: nobody:;'), /^550 5\.6\.0 /],
    ['a NUL in the header', mail('X-Nul: a\0b'), /^550 5\.6\.0 .*NUL/],
    ['a NUL in the body', `${mail()}a\0b\r\n`, /^550 5\.6\.0 .*NUL/],
    [
      'a NUL before a false end of the message',
      `${mail()}\r\n\0.\r\nMAIL FROM:<a@example.com>\r\n`,
      /^550 5\.6\.0 .*NUL/,
    ],
    [
      'two mailboxes in brackets',
      mail().replace('<news@example.com>', '<news@example.com> <a@foreign.example>'),
      /^550 5\.6\.0 .*one mailbox/,
    ],
    ['a line that is no field', mail('no field'), /^550 5\.6\.0 /],
    ['no header at all', '\r\nBody\r\n', /^550 5\.6\.0 /],
    ['nothing', '', /^550 5\.6\.0 /],
    [
      'a flag that says nothing',
      mail('X-Kaijo-Transactional: maybe'),
      /^550 5\.6\.0 X-Kaijo-Transactional must be yes or no$/,
    ],
    [
      'a flag twice',
      mail('X-Kaijo-Transactional: no', 'X-Kaijo-Transactional: no'),
      /^550 5\.6\.0 .* more than once$/,
    ],
    ['an empty name of a delivery', mail('X-Kaijo-Delivery:'), /^550 5\.6\.0 X-Kaijo-Delivery /],
    [
      'a name that is too long',
      mail(`X-Kaijo-Delivery: ${'x'.repeat(101)}`),
      /^550 5\.6\.0 X-Kaijo-Delivery /,
    ],
  ]
  for (const [what, content, reply] of messages) {
    it(`a message with ${what}, of which no row is left`, async () => {
      assert.match(await send(raw, content), reply)
      assert.deepEqual(await client.rows(), NOTHING)
      assert.match(await send(raw, mail()), /^250 /)
    })
  }

  it('a message that says it is too large, and one that turns out to be', async () => {
    assert.match(await raw.say('MAIL FROM:<> SIZE=65537'), /^552 5\.3\.4 /)
    const large = mail() + 'y\r\n'.repeat(1_000_000)
    assert.equal(await send(raw, large), '552 5.3.4 the message is too large')
    assert.deepEqual(await client.rows(), NOTHING)
    const fitting = mail().padEnd(65_536 - 2, 'z')
    assert.match(await send(raw, `${fitting}\r\n`), /^250 /)
  })

  it('recipients beyond a thousand, and takes the others', async () => {
    await raw.say('MAIL FROM:<>')
    raw.write(Array.from({ length: 1_001 }, (_, index) => `RCPT TO:<r${index}@example.jp>\r\n`).join(''))
    for (let index = 0; index < 1_000; index++) assert.match(await raw.reply(), /^250 2\.1\.5 /)
    assert.match(await raw.reply(), /^452 4\.5\.3 /)
    await raw.say('DATA')
    raw.write(mail('X-Kaijo-Transactional: 1'))
    assert.match(await raw.say('.'), /\(1000 accepted, 0 excluded\)$/)
    assert.deepEqual(await client.rows(), { deliveries: 1, messages: 1_000 })
  })

  const addresses: [command: string, reply: RegExp][] = [
    ['RCPT TO:<>', /^501 5\.1\.3 /],
    ['RCPT TO:taro@example.jp', /^501 5\.1\.3 /],
    ['RCPT TO:<taro>', /^553 5\.1\.3 /],
    ['RCPT TO:<taro@localhost>', /^553 5\.1\.3 /],
    ['RCPT TO:<taro@[127.0.0.1]>', /^553 5\.1\.3 /],
    ['RCPT TO:<a\0b@example.jp>', /^553 5\.1\.3 /],
    [`RCPT TO:<${'x'.repeat(65)}@example.jp>`, /^553 5\.1\.3 /],
    ['RCPT TO:<花子@example.jp>', /^553 5\.6\.7 /],
    ['RCPT TO:<hanako@例え.jp>', /^553 5\.6\.7 /],
    ['RCPT TO:<a@example.jp> NOTIFY=NEVER', /^555 5\.5\.4 RCPT does not take NOTIFY$/],
    ['MAIL FROM:<a@b.example>', /^503 5\.5\.1 /],
    ['NONSENSE', /^500 5\.5\.2 /],
    ['DATA', /^503 5\.5\.1 /],
  ]
  for (const [command, reply] of addresses) {
    it(`${JSON.stringify(command)} in a transaction`, async () => {
      await raw.say('MAIL FROM:<>')
      assert.match(await raw.say(command), reply)
    })
  }

  it('a return path that is none, an unknown parameter, and bytes that are no UTF-8', async () => {
    assert.match(await raw.say('MAIL FROM:<nobody>'), /^553 5\.1\.7 /)
    assert.match(await raw.say('MAIL FROM:<é@example.com>'), /^553 5\.6\.7 /)
    assert.match(await raw.say('MAIL FROM:<a@example.com> RET=HDRS'), /^555 5\.5\.4 /)
    assert.match(await raw.say('MAIL FROM:<a@example.com> BODY=BINARYMIME'), /^501 5\.5\.4 /)
    raw.write(Buffer.from('MAIL FROM:<\xe9@example.com> SMTPUTF8\r\n', 'latin1'))
    assert.match(await raw.reply(), /^501 5\.1\.7 /)
    assert.match(await raw.say('MAIL FROM:<a@example.com> AUTH=<>'), /^250 /)
  })

  it('nothing of a client that goes away in the middle of a message, or only closes its side', async () => {
    const begin = async () => {
      const gone = await client.raw()
      await gone.say('MAIL FROM:<>')
      await gone.say('RCPT TO:<taro@example.jp>')
      await gone.say('DATA')
      gone.write(mail())
      return gone
    }
    ;(await begin()).destroy()
    const half = await begin()
    half.end()
    assert.match(await half.reply(), /^421 4\.4\.2 /)
    assert.equal(await half.closed(), '')
    await sleep(50)
    assert.deepEqual(await client.rows(), NOTHING)
    assert.ok((await counted('broken-off')) >= 2)
  })

  it('what came before RSET', async () => {
    await raw.say('MAIL FROM:<>')
    await raw.say('RCPT TO:<first@example.jp>')
    assert.match(await raw.say('RSET'), /^250 2\.0\.0 /)
    assert.match(await raw.say('RCPT TO:<second@example.jp>'), /^503 /)
    await send(raw, mail(), { to: ['third@example.jp'] })
    assert.deepEqual(await client.rows(), { deliveries: 1, messages: 1 })
  })

  it('clients that talk before the greeting, and commands that never end', async () => {
    raw.write('x'.repeat(20_000))
    assert.match(await raw.reply(), /^421 /)
    await raw.closed()
  })

  it('counts what became of each message', async () => {
    const [accepted, refused] = [await counted('accepted'), await counted('refused')]
    await send(raw, mail())
    await send(raw, '')
    assert.deepEqual([await counted('accepted'), await counted('refused')], [accepted + 1, refused + 1])
  })

  async function counted(outcome: string): Promise<number> {
    const { registry } = gateway.installation.capabilities.meters
    const metric = await registry.getSingleMetric('kaijo_smtp_submissions_total')?.get()
    return metric?.values.find(({ labels }) => labels['outcome'] === outcome)?.value ?? 0
  }
})

describe('what the SMTP gateway takes although others refuse it', () => {
  const shared = sharedGateway('sqlite')

  it('addresses of old phones, quoted local parts, and with SMTPUTF8 any script', async (t) => {
    const client = await addClient(shared())
    const raw = await client.raw()
    t.after(() => raw.destroy())
    const ascii = [
      'abc..def@docomo.ne.jp',
      'abc.@ezweb.ne.jp',
      '.abc@ezweb.ne.jp',
      '"a b"@example.jp',
      '"a@b"@example.jp',
      'a@xn--r8jz45g.jp',
    ]
    await raw.say('MAIL FROM:<abc.@docomo.ne.jp>')
    for (const address of ascii) assert.match(await raw.say(`RCPT TO:<${address}>`), /^250 /, address)
    assert.match(await raw.say('RCPT TO:<@relay.example,@other.example:routed@example.jp>'), /^250 /)
    await raw.say('DATA')
    raw.write(mail())
    assert.match(await raw.say('.'), /\(7 accepted/)
    await raw.say('MAIL FROM:<送信@例え.jp> SMTPUTF8')
    assert.match(await raw.say('RCPT TO:<花子@例え.jp>'), /^250 /)
    await raw.say('DATA')
    raw.write(mail())
    assert.match(await raw.say('.'), /^250 /)
    const { database } = shared().installation.capabilities
    const rows = await database.read(
      database.query.selectFrom('message').select('address').where('service_id', '=', client.service.id),
    )
    assert.deepEqual(
      rows.map(({ address }) => address).sort(),
      [...ascii, 'routed@example.jp', '花子@例え.jp'].sort(),
    )
  })
})

describe('limits of connections', () => {
  const shared = sharedGateway('sqlite', { KAIJO_SMTP_MAX_CONNECTIONS: '2' })

  it('a client too many is told to come back', async () => {
    const { smtp } = shared().installation
    const [first, second] = [await connectRaw(smtp), await connectRaw(smtp)]
    const third = speakOver(connect(Number(smtp.split(':')[1]), '127.0.0.1'))
    assert.match(await third.reply(), /^421 /)
    assert.equal(await third.closed(), '')
    first.destroy()
    second.destroy()
    await sleep(50)
    const next = await connectRaw(smtp)
    assert.match(await next.say('EHLO client'), /^250-/)
    assert.match(await next.say(authPlain('nobody')), /^535 /)
    next.destroy()
  })
})
