import type { Capabilities } from '../../src/app/capabilities.ts'
import type { DeliveryRequest } from '../../src/delivery/accept/delivery-request.ts'
import { findMessages } from '../../src/messages/reading/find-messages.ts'
import type { MessageView } from '../../src/messages/reading/message-view.ts'
import type { Tenant } from '../support/installation.ts'

/** A plain delivery to these addresses, or whatever else is given. */
export function someDelivery(
  { service, sender }: Tenant,
  recipients: readonly (string | DeliveryRequest['recipients'][number])[],
  given: Partial<DeliveryRequest> = {},
): DeliveryRequest {
  return {
    service,
    createdBy: 'tester',
    from: { address: sender.address },
    subject: 'News',
    ...(given.raw === undefined && { text: 'Hello\n' }),
    recipients: recipients.map((to) => (typeof to === 'string' ? { to } : to)),
    transactional: false,
    ...given,
  }
}

/** A delivery's messages in order. */
export function messagesOf({ database }: Pick<Capabilities, 'database'>, id: number): Promise<MessageView[]> {
  return findMessages(database, id, { limit: 20_000 })
}

/** The messages, once all of them are in one of the states. */
export async function settled(
  capabilities: Pick<Capabilities, 'database'>,
  id: number,
  ...states: MessageView['state'][]
): Promise<MessageView[]> {
  const deadline = Date.now() + 15_000
  for (;;) {
    const messages = await messagesOf(capabilities, id)
    if (messages.every(({ state }) => states.includes(state))) return messages
    if (Date.now() > deadline) {
      throw new Error(`still ${messages.map(({ state, reply }) => `${state} (${reply})`).join(', ')}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
