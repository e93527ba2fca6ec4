import type { SmtpReply } from '../../mail/smtp-reply.ts'
import type { FailureFacts, Verdict } from '../conclusion.ts'
import { classify } from './classify.ts'

/** What a relay's reply to a recipient says of that recipient. */
export function classifyReply({ code, enhanced, text }: SmtpReply): Verdict & FailureFacts {
  return classify({ said: [code, enhanced, text].filter(Boolean).join(' ') })
}
