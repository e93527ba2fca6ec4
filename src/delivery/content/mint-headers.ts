import { parseAddress } from '../../kernel/address.ts'
import type { Clock } from '../../kernel/clock.ts'
import { DomainError, invalid } from '../../kernel/domain-error.ts'
import { type HeaderPair, listHeaderPair } from '../../mail/list-headers.ts'
import type { Database } from '../../storage/database.ts'
import type { Service } from '../../tenants/service.ts'
import { readServiceLists } from '../../tenants/service-lists.ts'
import type { Links } from '../../tokens/link.ts'
import { fittingPair } from '../accept/fitting-pair.ts'
import { listFinder } from '../decide/applicable-lists.ts'
import { headersAsContent, type SeenHeaders, type StoredContent } from './content.ts'

export interface MintRequest {
  service: Service
  from: StoredContent['from']
  to: string
  /** Of the mail that will carry the pair, with or without brackets. */
  messageId?: string | undefined
  /** What filters look at. */
  headers?: SeenHeaders | undefined
}

export interface MintedHeaders extends HeaderPair {
  url: string
  mailto: string | undefined
}

/**
 * Mints the header pair for a mail that someone else sends. Throws DomainError `invalid-value`, or `unknown-sender` when From
 * is not on for one-click and no filter matches.
 */
export function createMintHeaders(parts: { database: Database; links: Links; clock: Clock }) {
  return async ({ service, from, to, messageId, headers = {} }: MintRequest): Promise<MintedHeaders> => {
    const sender = parseAddress(from.address)
    if (!sender) throw invalid('from', `${from.address} is not a mail address`)
    const recipient = parseAddress(to)
    if (!recipient) throw invalid('to', `${to} is not a mail address`)
    const bare = messageId?.replace(/^<(.*)>$/s, '$1')
    if (bare !== undefined && !/^[!-;=?-~]{1,998}$/.test(bare))
      throw invalid('messageId', 'must be a Message-ID of 1 to 998 visible ASCII characters')

    const lists = await readServiceLists(parts.database, service.id)
    const known = headersAsContent(from, { ...headers, ...(bare && { 'Message-ID': `<${bare}>` }) })
    const { stamped } = listFinder(lists, sender.key, known)({})
    if (!stamped) {
      throw new DomainError('unknown-sender', `${from.address} is not registered for one-click`, {
        field: 'from',
      })
    }
    const link = parts.links.make(stamped, {
      recipient: recipient.address,
      mintedAt: parts.clock(),
      message: bare === undefined ? null : { kind: 'foreign', messageId: bare },
    })
    return { ...(bare === undefined ? listHeaderPair(link) : fittingPair(link, 'messageId')), ...link }
  }
}
