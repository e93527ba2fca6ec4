import type { KeptMail } from '../../../src/inbound/kept-mails.ts'
import { findKeptMails } from '../../../src/inbound/kept-mails.ts'
import type { EngineName } from '../../../src/storage/database.ts'
import type { ServiceChange } from '../../../src/tenants/service.ts'
import { addTenant, type Installation, sharedInstallation, type Tenant } from '../../support/installation.ts'
import { type SmtpSink, startSmtpSink } from '../../support/smtp-sink.ts'
import { readListUnsubscribeUris } from './list-unsubscribe-uris.ts'
import { connectRaw } from './raw-client.ts'

export const DOMAIN = 'in.example.com'

/** An installation that takes mail in, behind whose relay a sink keeps what it sends. */
export interface Incoming {
  installation: Installation
  sink: SmtpSink
}

/** One for all tests of a block. To be called in the block itself. */
export function sharedIncoming(engine: EngineName, env: NodeJS.ProcessEnv = {}): () => Incoming {
  let sink: SmtpSink
  const installation = sharedInstallation(engine, async (t) => {
    sink = await startSmtpSink()
    t.after(() => sink.close())
    const settings = {
      KAIJO_RELAY_URL: sink.url,
      KAIJO_PUBLIC_URL: 'https://u.example.com',
      KAIJO_INBOUND_DOMAIN: DOMAIN,
      ...env,
    }
    return { serves: 'inbound,worker', env: settings }
  })
  return () => ({ installation: installation(), sink })
}

/** A mail of ours as its recipient got it. */
export interface MailOfOurs {
  to: string
  /** The envelope sender, to which its bounces go. */
  returnPath: string
  raw: string
  messageId: string
  /** The mailto URI's address and subject. */
  mailto: { address: string; subject: string }
  url: string
}

export interface Sender extends Tenant {
  /** Mails somebody, and waits until the relay has it. */
  mail(to: string): Promise<MailOfOurs>
  kept(): Promise<KeptMail[]>
  /** Why a recipient is excluded; undefined for whoever would be mailed. */
  excluded(recipient: string): Promise<string | undefined>
}

export async function addSender(incoming: Incoming, given: ServiceChange = {}): Promise<Sender> {
  const { installation, sink } = incoming
  const { capabilities } = installation
  const tenant = await addTenant(installation, given)
  const { service } = tenant
  return {
    ...tenant,
    mail: async (to) => {
      const count = sink.messages.length
      await capabilities.acceptDelivery({
        service,
        from: { address: 'news@example.com' },
        subject: 'News',
        text: 'Hello',
        recipients: [{ to }],
        transactional: false,
        createdBy: 'test',
      })
      const message = (await sink.waitFor(count + 1)).at(-1)
      if (!message) throw new Error('nothing was sent')
      const raw = message.raw.toString('latin1')
      const { url, mailto } = readListUnsubscribeUris(raw)
      const messageId = /^Message-ID: <(.*)>\r$/im.exec(raw)?.[1] ?? ''
      return { to, returnPath: message.from, raw, messageId, mailto, url }
    },
    kept: () => findKeptMails(capabilities.database, service.id, { limit: 100 }),
    excluded: async (recipient) => {
      const { excluded } = await capabilities.checkRecipients({
        service,
        from: { address: 'news@example.com' },
        recipients: [recipient],
      })
      return excluded[0] && `${excluded[0].list}: ${excluded[0].reason}`
    },
  }
}

/** Brings a mail in by SMTP, as somebody's server would; answers the reply to it, or to the command that was refused. */
export async function bring(
  { installation }: Incoming,
  to: string | readonly string[],
  content: string,
  { from = '', hello = 'EHLO mx.example.net' }: { from?: string; hello?: string } = {},
): Promise<string> {
  const client = await connectRaw(installation.inbound)
  try {
    await client.say(hello)
    await client.say(`MAIL FROM:<${from}>`)
    for (const address of [to].flat()) {
      const reply = await client.say(`RCPT TO:<${address}>`)
      if (!reply.startsWith('250')) return reply
    }
    await client.say('DATA')
    client.write(content.replace(/\r?\n/g, '\r\n'))
    return await client.say(content.endsWith('\n') ? '.' : '\r\n.')
  } finally {
    client.destroy()
  }
}

/** A report of a delivery that failed (RFC 3464), which returns the head of the mail. */
export function bounceOf(
  mail: Pick<MailOfOurs, 'to' | 'raw'>,
  { status = '5.1.1', code = 'smtp; 550 5.1.1 no such user', recipient = mail.to, action = 'failed' } = {},
): string {
  return `From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
To: sender@in.example.com
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain

Your message could not be delivered.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ${recipient}
Action: ${action}
Status: ${status}
Diagnostic-Code: ${code}

--b1
Content-Type: text/rfc822-headers

${headOf(mail.raw)}

--b1--
`
}

/** A complaint (RFC 5965) that hides the recipient, and returns the mail. */
export function complaintOf(mail: Pick<MailOfOurs, 'raw'>, { type = 'abuse', fields = '' } = {}): string {
  return `From: fbl@provider.example
To: complaints@in.example.com
Subject: FW: News
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b1"

--b1
Content-Type: text/plain

This is an email abuse report.

--b1
Content-Type: message/feedback-report

Feedback-Type: ${type}
User-Agent: SomeGenerator/1.0
Version: 1
${fields}
--b1
Content-Type: message/rfc822

${mail.raw.replaceAll('\r\n', '\n')}
--b1--
`
}

function headOf(raw: string): string {
  return raw.slice(0, raw.indexOf('\r\n\r\n')).replaceAll('\r\n', '\n')
}
