import type { SmtpReply } from '../mail/smtp-reply.ts'
import type { Reason } from '../suppression/change.ts'
import { HARD_CODES } from './hard-codes.ts'

/** Why a relay's refusal of a recipient belongs on `hard-bounces`; undefined when it does not. */
export function classifyReply({ code, enhanced }: SmtpReply): Reason | undefined {
  return code >= 500 && enhanced ? HARD_CODES[enhanced] : undefined
}
