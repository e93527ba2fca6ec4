import { classifyReply } from '../../bounces/judging/classify-reply.ts'
import type { SmtpReply } from '../../mail/smtp-reply.ts'
import type { Refusal } from '../../messages/refusal.ts'
import { ownList } from '../../tenants/service-lists.ts'
import type { Attempt } from './plan-attempts.ts'

/**
 * What the reply with which a message failed says, and what that is known by; undefined when it speaks against nobody. What was
 * not said of the recipient is never held against them.
 */
export function refusalOf(
  { message, service }: Attempt,
  reply: SmtpReply | undefined,
  { aboutRecipient, now }: { aboutRecipient: boolean; now: number },
): Refusal | undefined {
  if (!reply) return undefined
  const verdict = classifyReply(reply)
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
      requestedAt: now,
      source: 'smtp-reply',
      reason: verdict.class === 'hard' ? verdict.reason : 'error-count',
      messageId: message.message_id,
      mailedAt: message.accepted_at,
      evidence,
    },
  }
}
