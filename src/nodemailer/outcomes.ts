import type { Exclusion } from '../client/failure.ts'
import type { Mail, Transporter } from './mail.ts'

interface Outcome {
  excluded: Exclusion[]
  /** What `sendMail` answers when nothing is left to hand to the transport. */
  instead?: object
}

const outcomes = new WeakMap<object, Outcome>()
const told = new WeakSet<Transporter>()

/**
 * Makes the answer of `sendMail` tell who was left out. A plugin cannot do that by itself: it may only let a mail pass
 * or fail it.
 */
export function tellOutcome(mail: Mail, outcome: Outcome): void {
  outcomes.set(mail, outcome)
  const { transporter } = mail.mailer
  if (!transporter || told.has(transporter)) return
  told.add(transporter)
  const send = transporter.send
  transporter.send = (sent, done) => {
    const { excluded, instead } = outcomes.get(sent) ?? {}
    if (instead) return done(null, instead)
    return send.call(transporter, sent, (error, info) =>
      done(error, excluded && info ? { ...info, excluded } : info),
    )
  }
}
