import { classifyReply } from '../../bounces/judging/classify-reply.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { SmtpReply } from '../../mail/smtp-reply.ts'
import type { Refusal } from '../../messages/sending/refusal.ts'
import { ownList } from '../../tenants/service-lists.ts'
import type { ReturnPath } from '../relay/return-path.ts'
import type { Attempt } from './plan-attempts.ts'

/**
 * What the reply that failed a message says, and how that is known; undefined when it speaks against nobody. A reply
 * that was not about the recipient is never held against them.
 */
export function refusalOf(
  { returnPath, clock }: { returnPath: ReturnPath; clock: Clock },
  { message, mail, service }: Attempt,
  reply: SmtpReply | undefined,
  aboutRecipient: boolean,
): Refusal | undefined {
  if (!reply) return undefined
  const senders = [returnPath(message, mail), mail.from.address]
  const verdict = classifyReply(reply, { recipient: message.address, senders })
  if (verdict.class === 'ours') return { class: 'ours' }
  if (!aboutRecipient || verdict.class === 'unknown') return undefined
  const { status, replyCode, diagnostic, rule } = verdict
  const evidence = {
    ...{ method: 'SMTP', clientAddress: '', userAgent: null, keyId: null },
    code: status ?? String(replyCode ?? reply.code),
    ...(diagnostic ? { diagnostic } : {}),
    rule,
  }
  return {
    class: verdict.class,
    serviceId: message.service_id,
    stop: {
      listId: ownList(service, 'hard-bounces').id,
      recipient: { address: message.address, key: message.address_key },
      requestedAt: clock(),
      source: 'smtp-reply',
      reason: verdict.class === 'hard' ? verdict.reason : 'error-count',
      messageId: message.message_id,
      mailedAt: message.accepted_at,
      evidence,
    },
  }
}
