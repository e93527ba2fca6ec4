import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { splitMessage } from '../../../src/mail/header-block.ts'
import { addClient, type Client, type Gateway, mail, sharedGateway } from './gateway.ts'

const SMUGGLED = 'MAIL FROM:<>\r\nRCPT TO:<smuggled@example.jp>\r\nDATA\r\n'

/** Where some servers see the end of a message and others do not (CVE-2023-51764 and its like). */
const FALSE_ENDS = ['\n.\n', '\n.\r\n', '\r\n.\n', '\r.\r', '\r.\r\n', '\r\n.\r', '\n.\r']

describe('the end of a message', () => {
  const shared = sharedGateway('sqlite')
  let gateway: Gateway
  let client: Client
  beforeEach(async () => {
    gateway = shared()
    client = await addClient(gateway)
  })

  for (const end of FALSE_ENDS) {
    for (const cut of [false, true]) {
      it(`is not ${JSON.stringify(end)}${cut ? ', byte by byte' : ''}`, async () => {
        const raw = await client.raw()
        await raw.say('MAIL FROM:<>')
        await raw.say('RCPT TO:<taro@example.jp>')
        await raw.say('DATA')
        raw.write(mail())
        if (cut) for (const byte of Buffer.from(end)) await written(raw, Buffer.from([byte]))
        else raw.write(end)
        raw.write(SMUGGLED)
        raw.write(`${mail()}\r\n.\r\n`)
        assert.match(await raw.reply(), /\(1 accepted, 0 excluded\)$/)
        raw.write('QUIT\r\n')
        assert.match(await raw.reply(), /^221 /)
        assert.equal(await raw.closed(), '')
        assert.deepEqual(await client.rows(), { deliveries: 1, messages: 1 })
      })
    }
  }

  it('is the same for the relay: what was taken is sent in lines that all end in CRLF', async () => {
    const raw = await client.raw()
    await raw.say('MAIL FROM:<>')
    await raw.say('RCPT TO:<lines@example.jp>')
    await raw.say('DATA')
    raw.write(`${mail()}a\n.\nb\r.\rc\r\n..\r\n.\r\n`)
    await raw.reply()
    while (!gateway.sink.messages.some(({ to }) => to.includes('lines@example.jp'))) {
      await gateway.sink.waitFor(gateway.sink.messages.length + 1)
    }
    const [message] = gateway.sink.messages.filter(({ to }) => to.includes('lines@example.jp'))
    const { body } = splitMessage(message?.raw ?? Buffer.alloc(0))
    assert.equal(body.toString(), 'Body\r\na\r\n.\r\nb\r\n.\r\nc\r\n.\r\n')
    raw.destroy()
  })

  async function written(raw: { write(bytes: Buffer): void }, bytes: Buffer): Promise<void> {
    raw.write(bytes)
    await new Promise((resolve) => setImmediate(resolve))
  }
})
