import { once } from 'node:events'
import { connect } from 'node:net'
import { SmtpReplyReader } from '../../src/mail/smtp-reply-reader.ts'
import { mailOf, recipientOf } from './bench-mail.ts'
import type { MailOrder, MailsSent } from './mail-order.ts'
import { now } from './now.ts'

/*
 * Submits mails over connections that stay open, each waiting for the answer to its mail, and prints its observations
 * as JSON. A process of its own, so that the load does not run inside what is measured:
 *   mail-load.ts ORDER
 * The commands before the content are pipelined (RFC 2920), with every server alike.
 */
const order = JSON.parse(process.argv[2] ?? '') as MailOrder
const { port, connections, from, run, first, count, withinMs, credentials } = order
setTimeout(() => fail(`${next - first} of ${count} mails in ${withinMs} ms`), withinMs).unref()

let next = first
const clients = await Promise.all(Array.from({ length: connections }, open))
const startedAt = now()
await Promise.all(clients.map(keepSubmitting))
const sent: MailsSent = { startedAt, endedAt: now() }
console.log(JSON.stringify(sent))
for (const client of clients) client.end()

type Client = Awaited<ReturnType<typeof open>>

async function open() {
  const socket = connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  const reader = new SmtpReplyReader()
  const replies: string[] = []
  let heard = () => {}
  socket.on('data', (chunk: Buffer) => {
    replies.push(...reader.read(chunk))
    heard()
  })
  socket.on('error', ({ message }) => fail(message))
  const onClose = () => fail('a connection was closed')
  socket.once('close', onClose)
  await once(socket, 'connect')
  const client = {
    write: (text: string) => void socket.write(text, 'latin1'),
    end: () => socket.off('close', onClose).end('QUIT\r\n'),
    /** Reads the next reply, which must begin with this. */
    hear: async (code: string) => {
      while (replies.length === 0) await new Promise<void>((resolve) => (heard = resolve))
      const reply = replies.shift() as string
      if (!reply.startsWith(code)) fail(`answered with ${reply} instead of ${code}`)
    },
  }
  await client.hear('220')
  client.write('EHLO load.localhost\r\n')
  await client.hear('250')
  if (credentials) {
    const plain = Buffer.from(`\0${credentials.user}\0${credentials.key}`).toString('base64')
    client.write(`AUTH PLAIN ${plain}\r\n`)
    await client.hear('235')
  }
  return client
}

async function keepSubmitting({ write, hear }: Client): Promise<void> {
  while (next < first + count) {
    const serial = next++
    write(`MAIL FROM:<${from}>\r\nRCPT TO:<${recipientOf(serial)}>\r\nDATA\r\n`)
    const mail = mailOf({ from, run, serial })
    await hear('250')
    await hear('250')
    await hear('354')
    write(mail)
    await hear('250')
  }
}

function fail(why: string): never {
  console.error(`mail-load: ${why}`)
  process.exit(1)
}
