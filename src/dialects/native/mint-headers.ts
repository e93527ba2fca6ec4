import { listFinder } from '../../delivery/applicable-lists.ts'
import { parseAddress } from '../../kernel/address.ts'
import type { Clock } from '../../kernel/clock.ts'
import { DomainError, invalid } from '../../kernel/domain-error.ts'
import { listHeaderPair } from '../../mail/list-headers.ts'
import type { Database } from '../../storage/database.ts'
import { readServiceLists } from '../../tenants/service-lists.ts'
import type { Links } from '../../tokens/link.ts'
import type { NativeParts } from './parts.ts'

/** Mints the pair that the same mail would be stamped with here. Throws `invalid-value` or `unknown-sender`. */
export function createMintHeaders(parts: {
  database: Database
  links: Links
  clock: Clock
}): NativeParts['mintHeaders'] {
  return async (service, { from, to, messageId, headers = {} }) => {
    const sender = parseAddress(from)
    if (!sender) throw invalid('from', 'must be a mail address')
    const recipient = parseAddress(to)
    if (!recipient) throw invalid('to', 'must be a mail address')
    const lists = await readServiceLists(parts.database, service.id)
    const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
    const { stamped } = listFinder(lists, sender.key, {
      isPersonal: () => false,
      headerValues: (name) => [byName.get(name.toLowerCase())].filter((value) => value !== undefined),
    })({})
    if (!stamped) {
      const message = `${sender.address} is not registered for one-click, and no filter matches the headers`
      throw new DomainError('unknown-sender', message, { field: 'from' })
    }
    const link = parts.links.make(stamped, {
      recipient: recipient.address,
      mintedAt: parts.clock(),
      message: messageId === undefined ? null : { kind: 'foreign', messageId: withoutBrackets(messageId) },
    })
    const { url, mailto } = link
    return { ...listHeaderPair(link), url, ...(mailto === undefined ? {} : { mailto }) }
  }
}

function withoutBrackets(messageId: string): string {
  const [, id] = /^<?([^<>\s]+)>?$/.exec(messageId.trim()) ?? []
  if (id === undefined) throw invalid('messageId', 'must be <left@right>')
  return id
}
