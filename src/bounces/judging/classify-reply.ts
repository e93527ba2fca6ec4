import type { SmtpReply } from '../../mail/smtp-reply.ts'
import type { FailureFacts, Verdict } from '../conclusion.ts'
import { type Parties, unlessAboutSender } from './blames-sender.ts'
import { classify } from './classify.ts'

/**
 * What a relay's reply to RCPT says of that recipient. A relay that looks the sender up at that step may be speaking of
 * the sender.
 */
export function classifyReply({ code, enhanced, text }: SmtpReply, parties: Parties): Verdict & FailureFacts {
  return unlessAboutSender(classify({ said: [code, enhanced, text].filter(Boolean).join(' ') }), parties)
}
