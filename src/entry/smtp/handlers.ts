import type {
  SMTPServerAddress,
  SMTPServerAuthentication,
  SMTPServerOptions,
  SMTPServerSession,
} from 'smtp-server'
import { actorOf } from '../../access/authorise.ts'
import type { AcceptDelivery } from '../../delivery/accept/accept.ts'
import { parseAddress } from '../../kernel/address.ts'
import { DomainError } from '../../kernel/domain-error.ts'
import type { Logger } from '../../kernel/log.ts'
import { senderPath } from '../../mail/smtp-path.ts'
import { decodeTransaction } from './decode.ts'
import { encodeAnswer } from './encode.ts'
import { Refusal, toRefusal, toSignInRefusal } from './errors.ts'
import { NOT_WHOLE } from './not-whole.ts'
import { type Received, type Room, receive } from './receive.ts'
import type { SignedIn, SignIn } from './sign-in.ts'

/** What became of a message that a client began to send. */
type SubmissionOutcome = 'accepted' | 'excluded' | 'refused' | 'deferred' | 'broken-off'

export interface HandlerParts extends SignIn {
  acceptDelivery: AcceptDelivery
  log: Logger
  room: Room
  /** Octets of a message. */
  maxSize: number
  /** Counts a message. */
  onOutcome(outcome: SubmissionOutcome): void
}

export type Handlers = Required<Pick<SMTPServerOptions, 'onAuth' | 'onMailFrom' | 'onRcptTo' | 'onData'>>

interface Taken {
  outcome: SubmissionOutcome
  /** The text of the 250, or why there is none. */
  answer: string | Refusal
}

const NOT_ASCII = /[^\0-\x7f]/
/** RFC 1870, RFC 6152, RFC 6531 and RFC 4954 §5. */
const MAIL_PARAMETERS = ['SIZE', 'BODY', 'SMTPUTF8', 'AUTH']

const OF_INCOMPLETE: Record<Exclude<Received['kind'], 'whole'>, SubmissionOutcome> = {
  'too-large': 'refused',
  'no-room': 'deferred',
  'broken-off': 'broken-off',
}

/** What a signed-in client may do, command by command. Every refusal is logged. */
export function createHandlers(parts: HandlerParts): Handlers {
  const refused = ({ user, remoteAddress }: SMTPServerSession, refusal: Refusal): Refusal => {
    const reply = `${refusal.responseCode} ${refusal.message}`
    const seen = { client: remoteAddress, service: (user as SignedIn | undefined)?.service?.name, reply }
    if (refusal.cause === undefined) parts.log.info(seen, 'refused over SMTP')
    else parts.log.error({ ...seen, err: refusal.cause }, 'a command over SMTP failed')
    return refusal
  }
  const allowing =
    (check: (address: SMTPServerAddress, session: SMTPServerSession) => Refusal | undefined) =>
    (address: SMTPServerAddress, session: SMTPServerSession, callback: (error?: Error | null) => void) => {
      const refusal = check(address, session)
      callback(refusal && refused(session, refusal))
    }
  return {
    onAuth: (authentication, session, callback) => {
      signInWith(parts, authentication, session.remoteAddress).then(
        (user) => callback(null, { user }),
        (error) => callback(refused(session, toSignInRefusal(error))),
      )
    },
    onMailFrom: allowing(checkReturnPath),
    onRcptTo: allowing(checkRecipient),
    onData: async (stream, session, callback) => {
      const received = await receive(stream, parts.maxSize, parts.room)
      const { outcome, answer } = await take(parts, session, received)
      parts.onOutcome(outcome)
      if (typeof answer === 'string') callback(null, answer)
      else callback(refused(session, answer))
    },
  }
}

/** RFC 4616 §2: nobody acts for an identity other than the one whose key was given. */
async function signInWith(
  { signIn }: SignIn,
  { username = '', password, authcid, authzid }: SMTPServerAuthentication,
  clientAddress: string,
): Promise<SignedIn> {
  if (authcid && authzid && authcid !== authzid) {
    throw new DomainError('forbidden', 'signing in on behalf of someone else is not allowed')
  }
  return signIn(username, password ?? '', clientAddress)
}

function checkReturnPath({ address, args }: SMTPServerAddress): Refusal | undefined {
  const parameters = args || {}
  const unknown = Object.keys(parameters).find((name) => !MAIL_PARAMETERS.includes(name))
  if (unknown !== undefined) return new Refusal(555, '5.5.4', `MAIL does not take ${unknown}`)
  if (NOT_ASCII.test(address) && !parameters['SMTPUTF8']) return needsUtf8()
  if (senderPath(address) !== undefined) return undefined
  return new Refusal(553, '5.1.7', 'that is not a mail address')
}

function checkRecipient(
  { address, args }: SMTPServerAddress,
  session: SMTPServerSession,
): Refusal | undefined {
  const [unknown] = Object.keys(args || {})
  if (unknown !== undefined) return new Refusal(555, '5.5.4', `RCPT does not take ${unknown}`)
  if (NOT_ASCII.test(address) && !session.envelope.smtpUtf8) return needsUtf8()
  return parseAddress(address) ? undefined : new Refusal(553, '5.1.3', 'that is not a mail address')
}

/** RFC 6531 §3.5. */
function needsUtf8(): Refusal {
  return new Refusal(553, '5.6.7', 'an address beyond ASCII needs SMTPUTF8')
}

async function take(parts: HandlerParts, session: SMTPServerSession, received: Received): Promise<Taken> {
  if (received.kind !== 'whole') {
    return { outcome: OF_INCOMPLETE[received.kind], answer: NOT_WHOLE[received.kind] }
  }
  try {
    const signedIn = await parts.renew(session.user)
    session.user = signedIn
    const { user, service } = signedIn
    const request = decodeTransaction(session.envelope, received.raw)
    const createdBy = actorOf({ kind: 'api-user', user })
    const answer = await parts.acceptDelivery({ ...request, service, createdBy })
    return {
      outcome: answer.accepted > 0 ? 'accepted' : 'excluded',
      answer: encodeAnswer(answer, service.settings),
    }
  } catch (error) {
    const refusal = toRefusal(error)
    return { outcome: refusal.responseCode < 500 ? 'deferred' : 'refused', answer: refusal }
  } finally {
    received.release()
  }
}
