import { createTransport } from 'nodemailer'
import { mailOf, recipientOf } from '../support/bench-mail.ts'
import type { MailOrder, MailsSent } from '../support/mail-order.ts'
import { now } from '../support/now.ts'

/** Sends through nodemailer's pool instead of `mail-load.ts`: no server stands between it and the sink. */
const order = JSON.parse(process.argv[2] ?? '') as MailOrder
const { port, connections, from, run, first, count, withinMs } = order
setTimeout(() => process.exit(1), withinMs).unref()

const settings = { host: '127.0.0.1', port, ignoreTLS: true, pool: true } as const
const pool = createTransport({
  ...settings,
  maxConnections: connections,
  maxMessages: Number.POSITIVE_INFINITY,
})
let next = first
const startedAt = now()
await Promise.all(Array.from({ length: connections }, keepSending))
const sent: MailsSent = { startedAt, endedAt: now() }
console.log(JSON.stringify(sent))
pool.close()

async function keepSending(): Promise<void> {
  while (next < first + count) {
    const serial = next++
    // The pool writes the final dot itself.
    const raw = mailOf({ from, run, serial }).slice(0, -3)
    await pool.sendMail({ envelope: { from, to: recipientOf(serial) }, raw })
  }
}
