import { type ClientOptions, createClient } from '../client/connection.ts'
import { type Exclusion, type Failure, nobodyLeft } from '../client/failure.ts'
import { guardMail } from './guard-mail.ts'
import { type CompiledMail, type Done, isCompiled, type KaijoMail, type Mail } from './mail.ts'
import { tellOutcome } from './outcomes.ts'
import { type SentInfo, sendMail } from './send-mail.ts'

export type KaijoMailOptions = KaijoMail
export type KaijoError = Failure
export type KaijoExclusion = Exclusion
export type KaijoSentInfo = SentInfo

export interface KaijoOptions extends ClientOptions {
  /** What `sendMail` does when everybody is excluded: it fails with `EKAIJOEXCLUDED`, or it succeeds without sending. */
  allExcluded?: 'fail' | 'skip'
  /** Told of each recipient who was left out. */
  onExcluded?: (exclusion: Exclusion, mail: { messageId: string }) => void
}

/**
 * A plugin for `transporter.use('stream', kaijo(…))`: asks Kaijo before each mail, leaves out who is excluded, and adds
 * the link of the recipient. Without an answer nothing is sent. Throws for options that cannot work.
 */
export function kaijo(options: KaijoOptions): (mail: Mail, done: Done) => void {
  const client = createClient(options)
  const guarded = new WeakSet<Mail>()
  const added = new WeakSet<Mail['mailer']>()

  const guard = async (mail: CompiledMail) => {
    const { message } = mail
    const { to } = message.getEnvelope()
    const excluded = await guardMail(client, mail)
    const messageId = message.messageId()
    tell(options, excluded, messageId)
    if (excluded.length === 0) return
    if (excluded.length < to.length) return tellOutcome(mail, { excluded })
    if (options.allExcluded !== 'skip') throw nobodyLeft(excluded)
    const envelope = { ...message.getEnvelope(), to: [] }
    const rejected = excluded.map(({ address }) => address)
    const response = 'nobody is left to mail'
    tellOutcome(mail, {
      excluded,
      instead: { envelope, messageId, accepted: [], rejected, excluded, response },
    })
  }

  return function plugin(mail, done) {
    if (isCompiled(mail)) {
      if (guarded.has(mail)) return done()
      guarded.add(mail)
      guard(mail).then(() => done(), done)
      return
    }
    // Installed for the `compile` step, in which nodemailer has not yet worked out who gets the mail.
    if (!added.has(mail.mailer)) mail.mailer.use('stream', plugin)
    added.add(mail.mailer)
    done()
  }
}

/**
 * A transport for `createTransport(kaijoTransport(…))`: Kaijo sends the mail, to each recipient with a link of their own.
 * Throws for options that cannot work.
 */
export function kaijoTransport(options: KaijoOptions) {
  const client = createClient(options)

  const send = async (mail: CompiledMail): Promise<SentInfo> => {
    const info = await sendMail(client, mail)
    tell(options, info.excluded, info.messageId)
    const isEverybody = info.accepted.length + info.pending.length === 0
    if (isEverybody && options.allExcluded !== 'skip') throw nobodyLeft(info.excluded)
    return info
  }
  const verify = async (): Promise<true> => {
    await client.get('/senders?limit=1')
    return true
  }

  return {
    name: 'Kaijo',
    version: 'v1',
    supportsAbortSignal: true,
    send: (mail: CompiledMail, done: (error: Error | null, info: SentInfo) => void) => {
      send(mail).then(
        (info) => done(null, info),
        (error) => done(error, undefined as never),
      )
    },
    /** Asks whether Kaijo answers and takes the key. */
    verify: (done?: (error: Error | null, success?: true) => void) => {
      const verified = verify()
      if (!done) return verified
      verified.then(
        (success) => done(null, success),
        (error) => done(error),
      )
      return undefined
    },
  }
}

function tell({ onExcluded }: KaijoOptions, excluded: readonly Exclusion[], messageId: string): void {
  for (const exclusion of excluded) onExcluded?.(exclusion, { messageId })
}
