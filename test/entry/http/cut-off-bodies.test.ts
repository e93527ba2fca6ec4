import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { readControlFile } from '../../../src/access/control-file.ts'
import { createLogger } from '../../../src/kernel/log.ts'
import { addTenant, sharedInstallation } from '../../support/installation.ts'

const FILE = 'email\na@example.jp\n'
const hex = (body: string) => body.length.toString(16)

/** How a body of this text breaks off; behind it the client closes its side. */
const CUTS: Readonly<Record<string, (body: string) => string>> = {
  'before the length that was named': (body) => `Content-Length: 1000\r\n\r\n${body}`,
  'behind a chunk': (body) => `Transfer-Encoding: chunked\r\n\r\n${hex(body)}\r\n${body}\r\n`,
  'within a chunk': (body) => `Transfer-Encoding: chunked\r\n\r\n3e8\r\n${body}`,
  'with a chunk that is none': (body) =>
    `Transfer-Encoding: chunked\r\n\r\n${hex(body)}\r\n${body}\r\nx\r\n${body}`,
}

const PROBLEM_OF_FILE =
  /"status":400,"code":"malformed-body","detail":"the body was cut off after byte 19( of 1000)?"}$/

/** Each way in, and how it answers. Every body but the files' would be taken, were it thought to be whole. */
const WAYS: readonly {
  name: string
  path: string
  type: string
  body: string
  contentType: RegExp
  answer: RegExp
}[] = [
  {
    name: 'an import',
    path: '/api/v1/services/SERVICE/imports?list=blocklist&action=add',
    type: 'text/csv',
    body: FILE,
    contentType: /^application\/problem\+json/,
    answer: PROBLEM_OF_FILE,
  },
  {
    name: '再配信設定, a text file',
    path: '/api/v1/services/SERVICE/imports?list=sender:news@example.com&action=remove&format=text',
    type: 'text/plain',
    body: FILE,
    contentType: /^application\/problem\+json/,
    answer: PROBLEM_OF_FILE,
  },
  {
    name: 'a file of subscribers',
    path: '/api/v1/services/SERVICE/subscribers/import',
    type: 'application/octet-stream',
    body: FILE,
    contentType: /^application\/problem\+json/,
    answer: PROBLEM_OF_FILE,
  },
  {
    name: 'JSON',
    path: '/api/v1/services/SERVICE/suppressions',
    type: 'application/json',
    body: '{"list":"blocklist","addresses":["a@example.jp"]}',
    contentType: /^application\/problem\+json/,
    answer: /"status":400,"code":"malformed-body","detail":"the body was cut off after byte 49( of 1000)?"}$/,
  },
  {
    name: 'a check, whose answer has begun',
    path: '/api/v1/services/SERVICE/check',
    type: 'application/x-ndjson',
    body: '{"from":"news@example.com"}\n"a@example.jp"\n',
    contentType: /^application\/x-ndjson/,
    answer: /"deliverable":true}\n{"problem":{.*"detail":"the body was cut off after byte 43( of 1000)?"}}\n/,
  },
  {
    name: 'API v1 of arara',
    path: '/tm/lpmail.php',
    type: 'text/xml',
    body: '<mail><auth/></mail>',
    contentType: /^text\/xml/,
    answer: /<error kind="xml" code="0201">.*the body was cut off after byte 20( of 1000)?/,
  },
  {
    name: 'API v2 of arara',
    path: '/token',
    type: 'application/json',
    body: '{"name":"a","key":"b","service":1}',
    contentType: /^application\/json/,
    answer: /{"message":"the body was cut off after byte 34( of 1000)?"}$/,
  },
  {
    name: 'Customers Mail Cloud, as JSON',
    path: '/transaction/v2/unsubscribes/cancel.json',
    type: 'application/json',
    body: '{"api_user":"a"}',
    contentType: /^application\/json/,
    answer: /"code":"90-001","field":"","message":"[^"]*the body was cut off after byte 16( of 1000)?\)"/,
  },
  {
    name: 'Customers Mail Cloud, as XML',
    path: '/transaction/v2/unsubscribes/cancel.xml',
    type: 'application/x-www-form-urlencoded',
    body: 'api_user=a',
    contentType: /^application\/xml/,
    answer: /<code>90-001<\/code>.*the body was cut off after byte 10( of 1000)?/s,
  },
  {
    name: 'the console',
    path: '/console/auth/sign-in/email',
    type: 'application/json',
    body: '{"email":"a@example.com","password":"b"}',
    contentType: /^text\/plain/,
    answer: /The request cannot be read\./,
  },
]

describe('a body that is cut off in the middle', () => {
  const lines: string[] = []
  const shared = sharedInstallation('sqlite', () => ({
    serves: 'http',
    log: createLogger({ level: 'info', destination: { write: (line) => void lines.push(line) } }),
  }))

  for (const way of WAYS) {
    for (const [cut, framed] of Object.entries(CUTS)) {
      it(`is refused with the byte in the form of whom it is for, and stores nothing: ${way.name}, ${cut}`, async () => {
        const { say, assertNothing } = await begin()
        const answer = await say(way, framed(way.body))
        const [head = '', ...rest] = answer.split('\r\n\r\n')
        assert.match(head, /^HTTP\/1\.1 (400|200) /)
        assert.match(/^content-type: (.*)$/im.exec(head)?.[1] ?? '', way.contentType)
        assert.match(rest.join('\r\n\r\n'), way.answer)
        await assertNothing()
      })
    }
  }

  it('is refused likewise when it breaks off while it is being read, and behind another request', async () => {
    const { say, assertNothing } = await begin()
    const [way] = WAYS
    assert.ok(way)
    const slow = await say(way, 'Content-Length: 1000\r\n\r\nemail\n', async (socket) => {
      await sleep(50)
      socket.write('b@example.jp\n')
    })
    assert.match(slow, /cut off after byte 19 of 1000/)
    const behind = await say({ ...way, before: 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n' }, framed(FILE))
    assert.match(behind, /^HTTP\/1\.1 200 OK.*"ok".*HTTP\/1\.1 400 .*cut off after byte 19 of 1000/s)
    await assertNothing()
  })

  it('is on record where nobody is left to be answered', async () => {
    const { say, assertNothing } = await begin()
    const [way] = WAYS
    assert.ok(way)
    lines.length = 0
    await say(way, framed(FILE), async (socket) => {
      // However long a busy machine takes to have begun with it.
      while (!uploadsOf(shared()).some(Boolean)) await sleep(10)
      socket.resetAndDestroy()
    })
    while (!lines.some((line) => line.includes('a request broke off'))) await sleep(10)
    const line = lines.find((each) => each.includes('a request broke off')) ?? ''
    assert.match(line, /the body was cut off after byte 19 of 1000/)
    assert.match(line, /"route":"\/api\/v1\/services\/:service\/imports"/)
    assert.doesNotMatch(line, /a@example/)
    await assertNothing()
  })

  it('is no hindrance for who asks to be unsubscribed: what came is enough', async () => {
    const { tenant } = await begin()
    const path = new URL(tenant.linkOf('goro@example.jp')).pathname
    const socket = await connected()
    socket.end(
      `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n` +
        'Content-Length: 1000\r\n\r\n--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n',
    )
    assert.match(await text(socket), /^HTTP\/1\.1 200 OK/)
    assert.equal(await tenant.wouldMail('goro@example.jp'), false)
  })

  it('is no request where its head is none: a status, no words, and the connection ends', async () => {
    for (const [bytes, status] of [
      ['GARBAGE\r\n\r\n', 400],
      ['POST / HTTP/1.1\r\nHos', 400],
      [`GET / HTTP/1.1\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`, 431],
    ] as const) {
      const socket = await connected()
      socket.end(bytes)
      assert.match(
        await text(socket),
        new RegExp(`^HTTP/1\\.1 ${status} [^{]*Content-Length: 0\\r\\n\\r\\n$`),
      )
    }
  })

  const framed = CUTS['before the length that was named'] ?? String

  async function connected(): Promise<Socket> {
    const { hostname, port } = new URL(shared().url)
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
    socket.on('error', () => {})
    return socket
  }

  /** A service of the test's own, and what is left behind. */
  async function begin() {
    const installation = shared()
    const { database } = installation.capabilities
    const tenant = await addTenant(installation, { address: 'news@example.com' })
    const { token } = (await readControlFile(installation.dataDir)) ?? {}
    const say = async (
      { path, type, before = '' }: { path: string; type: string; before?: string },
      framedBody: string,
      meanwhile: (socket: Socket) => Promise<void> = async () => {},
    ) => {
      const socket = await connected()
      const target = path.replace('SERVICE', String(tenant.service.id))
      const head = `POST ${target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: ${type}\r\n`
      socket.write(Buffer.from(before + head + framedBody))
      await meanwhile(socket)
      socket.end()
      return socket.destroyed ? '' : text(socket)
    }
    const assertNothing = async () => {
      for (const table of ['import', 'import_chunk', 'suppression', 'subscriber', 'delivery'] as const) {
        assert.deepEqual(await database.read(database.query.selectFrom(table).selectAll()), [], table)
      }
      while (uploadsOf(installation).length > 0) await sleep(10)
    }
    return { tenant, say, assertNothing }
  }
})

function uploadsOf({ dataDir }: { dataDir: string }): string[] {
  const directory = join(dataDir, 'uploads')
  return existsSync(directory) ? readdirSync(directory) : []
}
