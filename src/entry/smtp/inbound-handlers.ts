import type { SMTPServerAddress, SMTPServerOptions, SMTPServerSession } from 'smtp-server'
import type { PurposeOf } from '../../inbound/purpose-of.ts'
import type { ReceiveMail } from '../../inbound/receive-mail.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/log.ts'
import { senderPath } from '../../mail/smtp-path.ts'
import { Refusal, toRefusal } from './errors.ts'
import { NOT_WHOLE } from './not-whole.ts'
import { type Room, receive } from './receive.ts'

export interface InboundParts {
  receiveMail: ReceiveMail
  /** What a recipient address is for; undefined when mail for it is not taken. */
  purposeOf: PurposeOf
  clock: Clock
  log: Logger
  room: Room
  /** Octets of a mail. */
  maxSize: number
}

type Handlers = Required<Pick<SMTPServerOptions, 'onMailFrom' | 'onRcptTo' | 'onData'>>

/** RFC 1870, RFC 6152 and RFC 6531; RFC 3461 is not offered. */
const MAIL_PARAMETERS = ['SIZE', 'BODY', 'SMTPUTF8']

/** What anybody may do, command by command. */
export function createInboundHandlers(parts: InboundParts): Handlers {
  const refused = (session: SMTPServerSession, refusal: Refusal): Refusal => {
    const seen = { client: session.remoteAddress, reply: `${refusal.responseCode} ${refusal.message}` }
    if (refusal.cause === undefined) parts.log.info(seen, 'inbound mail refused')
    else parts.log.error({ ...seen, err: refusal.cause }, 'inbound mail could not be taken')
    return refusal
  }
  return {
    onMailFrom: (address, session, callback) => {
      const refusal = checkSender(address)
      callback(refusal && refused(session, refusal))
    },
    onRcptTo: (address, session, callback) => {
      checkRecipient(parts, address, session).then(
        () => callback(),
        (error) => callback(refused(session, toRefusal(error))),
      )
    },
    onData: async (stream, session, callback) => {
      const received = await receive(stream, parts.maxSize, parts.room)
      if (received.kind !== 'whole') return callback(refused(session, NOT_WHOLE[received.kind]))
      try {
        const replies = await takeForAll(parts, session, received.raw)
        const refusals = replies.filter((reply) => reply instanceof Refusal)
        for (const refusal of refusals) refused(session, refusal)
        // In SMTP one answer stands for all recipients; what was already done for some of them is recognised when the
        // mail comes again.
        if (!isLmtp(session) && refusals[0]) callback(refusals[0])
        else callback(null, isLmtp(session) ? (replies as string[]) : (replies[0] as string))
      } finally {
        received.release()
      }
    },
  }
}

function isLmtp({ transmissionType }: SMTPServerSession): boolean {
  return transmissionType.startsWith('LMTP')
}

function checkSender({ address, args }: SMTPServerAddress): Refusal | undefined {
  const unknown = Object.keys(args || {}).find((name) => !MAIL_PARAMETERS.includes(name))
  if (unknown !== undefined) return new Refusal(555, '5.5.4', `MAIL does not take ${unknown}`)
  if (senderPath(address) !== undefined) return undefined
  return new Refusal(553, '5.1.7', 'that is not a mail address')
}

async function checkRecipient(
  { purposeOf }: InboundParts,
  { address, args }: SMTPServerAddress,
  session: SMTPServerSession,
): Promise<void> {
  const [unknown] = Object.keys(args || {})
  if (unknown !== undefined) throw new Refusal(555, '5.5.4', `RCPT does not take ${unknown}`)
  const purpose = await purposeOf(address)
  if (!purpose) throw new Refusal(550, '5.1.1', 'there is no such address here')
  const { mailFrom } = session.envelope
  // RFC 3834 §2: mail by which programs report is not answered, and nobody joins by it.
  if (purpose.kind === 'sign-up' && (!mailFrom || mailFrom.address === '')) {
    throw new Refusal(550, '5.7.1', 'nobody can join by a mail without a sender')
  }
}

/** One recipient after the other, each with an answer of its own. */
async function takeForAll(
  { receiveMail, clock }: InboundParts,
  session: SMTPServerSession,
  raw: Buffer,
): Promise<(string | Refusal)[]> {
  const { mailFrom, rcptTo } = session.envelope
  const replies: (string | Refusal)[] = []
  for (const { address } of rcptTo) {
    try {
      const taken = await receiveMail({
        raw,
        sender: mailFrom ? mailFrom.address : '',
        recipient: address,
        clientAddress: session.remoteAddress,
        helo: session.hostNameAppearsAs || null,
        receivedAt: clock(),
        vouchedBy: 'nobody',
      })
      replies.push(`2.0.0 taken (${taken.map(({ outcome }) => outcome).join(', ')})`)
    } catch (error) {
      replies.push(toRefusal(error))
    }
  }
  return replies
}
