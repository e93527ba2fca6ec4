import { toSmtpData } from '../../mail/smtp-data.ts'
import { mailParameters, type SmtpNeeds } from '../../mail/smtp-needs.ts'
import { deferred, isPositive, judgeRefusal, printable, type RelayAnswer } from './relay-answer.ts'
import { ConnectionLost, type RelayConnection } from './relay-connection.ts'

/** One message with its envelope as SMTP says it. */
export interface Mail {
  from: string
  to: string
  raw: Buffer
  needs: SmtpNeeds
}

export interface Outcome {
  answer: RelayAnswer
  /** True when the relay ended the connection instead of taking MAIL: nothing was said about the message. */
  unheard: boolean
  /** Whether the connection is good for another message; known after the answer. */
  isFit: Promise<boolean> | boolean
}

type Command = 'MAIL' | 'RCPT' | 'DATA'

const COMMANDS: readonly Command[] = ['MAIL', 'RCPT', 'DATA']
/** RFC 5321 §4.5.3.2: five minutes for MAIL and RCPT, two for DATA. */
const COMMAND_MS = 300_000

/**
 * Hands one message over, in as few packets as the relay allows (RFC 2920), and waits for the reply to its final dot
 * for `patienceMs`. `isStillOurs` is asked right before the content. When no reply comes the message is deferred
 * although the relay may have it: it is sent again rather than lost. Never rejects.
 */
export async function transact(
  connection: RelayConnection,
  mail: Mail,
  patienceMs: number,
  isStillOurs: () => boolean,
): Promise<Outcome> {
  const commands: Record<Command, string> = {
    MAIL: `MAIL FROM:<${mail.from}>${mailParameters(connection.offers, mail.needs)}\r\n`,
    RCPT: `RCPT TO:<${mail.to}>\r\n`,
    DATA: 'DATA\r\n',
  }
  const pipelined = connection.offers.has('PIPELINING')
  const commandMs = Math.min(COMMAND_MS, patienceMs)
  let sent: Command | 'the final dot' = 'MAIL'
  try {
    if (pipelined) connection.say(commands.MAIL + commands.RCPT + commands.DATA)
    for (const command of COMMANDS) {
      sent = command
      if (!pipelined) connection.say(commands[command])
      const reply = await connection.reply(commandMs)
      if (isPositive(reply, command === 'DATA' ? '3' : '2')) continue
      const { answer, inStep } = judgeRefusal(reply, { aboutRecipient: command !== 'MAIL' })
      return {
        answer,
        unheard: command === 'MAIL' && reply.startsWith('421'),
        isFit: inStep && clear(connection, pipelined ? command : 'DATA', commandMs),
      }
    }
    // Anything received too early would be taken for the reply to the message.
    if (!connection.isFit) return inDoubt(deferred('the relay said more than it was asked'))
    // The replies may have taken so long that the sender's lease is no longer in force.
    if (!isStillOurs()) return inDoubt({ kind: 'withdrawn' })
    sent = 'the final dot'
    connection.say(...toSmtpData(mail.raw))
    const reply = await connection.reply(patienceMs)
    if (isPositive(reply, '2')) {
      return { answer: { kind: 'accepted', reply: printable(reply) }, unheard: false, isFit: true }
    }
    const { answer, inStep } = judgeRefusal(reply, { aboutRecipient: true })
    return { answer, unheard: false, isFit: inStep && clear(connection, 'DATA', commandMs) }
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error
    const answer = deferred(printable(`no answer to ${sent}: ${error.message}`))
    return { ...inDoubt(answer), unheard: sent === 'MAIL' && error.byRelay }
  }
}

function inDoubt(answer: RelayAnswer): Outcome {
  return { answer, unheard: false, isFit: false }
}

/**
 * Brings the connection back to where MAIL may follow. After a refused MAIL or RCPT the replies to the pipelined
 * commands are still to come, and a relay may even wait for the message (RFC 2920 §3.1): it gets an empty one, which
 * reaches nobody.
 */
async function clear(connection: RelayConnection, refused: Command, ms: number): Promise<boolean> {
  try {
    if (refused === 'MAIL') await connection.reply(ms)
    if (refused !== 'DATA' && isPositive(await connection.reply(ms), '3')) {
      // After a refused MAIL there is no transaction for DATA: a relay that accepts it all the same is not to be
      // trusted with an empty message.
      if (refused === 'MAIL') return false
      connection.say('.\r\n')
      await connection.reply(ms)
    }
    connection.say('RSET\r\n')
    return isPositive(await connection.reply(ms), '2')
  } catch {
    return false
  }
}
