import { parseAddress } from '../kernel/address.ts'
import type { Keyring } from '../kernel/keyring.ts'
import type { List } from '../tenants/list.ts'
import { composedMessageId, type MessageReference, type TokenContent } from './payload.ts'
import { mintToken, type Opened, openToken } from './token.ts'

/** One recipient's link on one list. */
interface Link {
  /** `base_url` + `/-` + token: what a provider posts to. */
  url: string
  /** The same token as a mailto URI at the inbound domain, if there is one (RFC 2369). */
  mailto: string | undefined
}

export interface Links {
  baseUrl(list: Pick<List, 'classId'>): string
  /** Throws RangeError for a list without `class_id`: only senders and filters have links. */
  make(list: Pick<List, 'kind' | 'label' | 'classId'>, content: TokenContent): Link
  open(classId: string, token: string): Opened
}

export interface LinkSettings {
  keyring: Keyring
  /** Without a slash at the end. */
  publicUrl: string
  inboundDomain?: string | undefined
}

/** Mints and opens links under the installation's public URL. */
export function createLinks({ keyring, publicUrl, inboundDomain }: LinkSettings): Links {
  const baseUrl = ({ classId }: Pick<List, 'classId'>) => {
    if (!classId) throw new RangeError('the list has no class_id')
    return `${publicUrl}/${classId}`
  }
  return {
    baseUrl,
    make: (list, content) => {
      const base = baseUrl(list)
      const classId = list.classId as string
      const token = mintToken(keyring, classId, { ...content, message: shortened(list, content.message) })
      return {
        url: `${base}/-${token}`,
        mailto: inboundDomain && `mailto:unsub@${inboundDomain}?subject=${classId}/-${token}`,
      }
    },
    open: (classId, token) => openToken(keyring, classId, token),
  }
}

/** The Message-ID, without brackets, that a link of this list refers to. */
export function messageIdOf(list: Pick<List, 'kind' | 'label'>, message: MessageReference): string {
  if (message.kind === 'foreign') return message.messageId
  return composedMessageId(message.deliveryId, message.id, message.domain || senderDomain(list))
}

function shortened(
  list: Pick<List, 'kind' | 'label'>,
  message: MessageReference | null,
): MessageReference | null {
  if (message?.kind !== 'ours' || message.domain !== senderDomain(list)) return message
  return { ...message, domain: '' }
}

function senderDomain({ kind, label }: Pick<List, 'kind' | 'label'>): string {
  return (kind === 'sender' && parseAddress(label)?.domain) || ''
}
