import type { Keyring } from '../../kernel/keyring.ts'
import { makeFeedbackId } from '../../mail/feedback-id.ts'
import type { MessageTable } from '../../storage/mail-tables.ts'
import type { List } from '../../tenants/list.ts'
import type { ServiceLists } from '../../tenants/service-lists.ts'
import type { Links } from '../../tokens/link.ts'
import type { MessageReference } from '../../tokens/payload.ts'
import { composedMessageId } from '../../tokens/payload.ts'
import type { ApplicableLists } from '../decide/applicable-lists.ts'
import type { DkimStore } from '../dkim/dkim-store.ts'
import type { LoadedMail } from './load-mail.ts'
import { stampAndSign } from './stamp-and-sign.ts'

export interface PrepareParts {
  links: Links
  keyring: Keyring
  dkim: Pick<DkimStore, 'signingKeys'>
}

interface Prepared {
  mail: LoadedMail
  message: MessageTable
  lists: ApplicableLists
  service: Pick<ServiceLists, 'service'>
}

/**
 * One recipient's message, ready for the relay: rendered, stamped, signed. Everything but the signature's time follows
 * from stored rows, so a retry sends the same message with the same link. Throws DomainError `invalid-value` when this
 * recipient's values cannot be rendered.
 */
export async function prepare(
  { links, dkim, keyring }: PrepareParts,
  { mail, message, lists, service }: Prepared,
  now: number,
): Promise<Buffer> {
  const link = (list: List | undefined) =>
    list &&
    links.make(list, {
      recipient: message.address,
      mintedAt: message.accepted_at,
      message: referenceOf(mail, message),
    })
  const stamped = link(lists.stamped)
  const shown = lists.link === lists.stamped ? stamped : link(lists.link)
  const unstamped = mail.content.render({
    to: message.shown_to ?? message.address,
    substitutions: message.substitutions_json ? JSON.parse(message.substitutions_json) : {},
    unsubscribeUrl: message.unsubscribe_url ?? shown?.url,
    messageId: message.message_id,
    date: message.accepted_at,
  })
  const offer = {
    transactional: mail.transactional,
    recipientUrl: message.unsubscribe_url ?? undefined,
    ...(lists.stamped?.kind === 'filter' ? { filterUrl: stamped?.url } : { senderUrl: stamped?.url }),
    mailto: stamped?.mailto,
    feedbackId: feedbackIdOf(message, service, keyring),
  }
  const keys = await dkim.signingKeys(mail.from.domain, mail.serviceId, now)
  return stampAndSign(unstamped, offer, keys, now)
}

function referenceOf({ from }: LoadedMail, message: MessageTable): MessageReference {
  const { delivery_id: deliveryId, id, bucket, message_id: messageId } = message
  return messageId === composedMessageId(deliveryId, id, from.domain)
    ? { kind: 'ours', deliveryId, bucket, id, domain: from.domain }
    : { kind: 'foreign', messageId }
}

function feedbackIdOf(
  { delivery_id: deliveryId, bucket, id: messageId }: MessageTable,
  { service: { id: serviceId, settings } }: Pick<ServiceLists, 'service'>,
  keyring: Keyring,
): string | undefined {
  const sender = settings.feedbackId
  if (sender === null) return undefined
  return makeFeedbackId({ deliveryId, serviceId, bucket, messageId, sender }, keyring.newest.verp)
}
