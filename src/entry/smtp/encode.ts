import type { AcceptDelivery } from '../../delivery/accept/accept.ts'
import type { Service } from '../../tenants/service.ts'
import { Refusal } from './errors.ts'

/**
 * The text of the 250: what is durable now. A service may want a refusal when nobody is left who could get the mail;
 * the mail is recorded all the same.
 */
export function encodeAnswer(
  { id, accepted, excluded }: Awaited<ReturnType<AcceptDelivery>>,
  { refuseWhenAllExcluded }: Pick<Service['settings'], 'refuseWhenAllExcluded'>,
): string | Refusal {
  if (accepted === 0 && refuseWhenAllExcluded) {
    const lists = Object.keys(excluded).join(', ')
    return new Refusal(550, '5.7.1', `every recipient is excluded (${lists}); recorded as ${id}`)
  }
  const count = Object.values(excluded).reduce((sum, each) => sum + each, 0)
  return `2.0.0 queued as ${id} (${accepted} accepted, ${count} excluded)`
}
