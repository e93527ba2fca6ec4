import { parseAddress } from '../../kernel/address.ts'
import type { Clock } from '../../kernel/clock.ts'
import { invalid } from '../../kernel/domain-error.ts'
import type { Database } from '../../storage/database.ts'
import type { SuppressionChange } from '../../suppression/change.ts'
import type { Recorder } from '../../suppression/recorder.ts'
import { searchSuppressions } from '../../suppression/search.ts'
import { endOf, excludes } from '../../suppression/standing.ts'
import { readTimeline } from '../../suppression/timeline.ts'
import { findLists, type List, listRef, resolveList } from '../../tenants/list.ts'
import type { BulkAnswer, BulkRequest, NativeParts, Recorded } from './parts.ts'

export interface SuppressionFoundations {
  database: Database
  clock: Clock
  recorder: Recorder
  record: Recorded
}

export function suppressionParts(parts: SuppressionFoundations): NativeParts['suppressions'] {
  const { database, clock } = parts
  return {
    stop: async (service, request, actor) => {
      const list = await resolveList(database, service.id, request.list)
      const reason = list.kind === 'blocklist' ? 'blocked' : 'listed'
      const answer = await changeAll(parts, list, request, (change) => ({
        ...change,
        ...{ kind: 'stop', reason, messageId: null, mailedAt: null },
      }))
      await parts.record(actor, service, 'suppression.stop', listRef(list), counts(answer))
      return answer
    },
    resume: async (service, request, actor) => {
      const list = await resolveList(database, service.id, request.list)
      const answer = await changeAll(parts, list, request, (change) => ({ ...change, kind: 'resume' }))
      await parts.record(actor, service, 'suppression.resume', listRef(list), counts(answer))
      return answer
    },
    search: async (service, { list, address, ...search }) => {
      const lists =
        list === undefined
          ? await findLists(database, service.id)
          : [await resolveList(database, service.id, list)]
      const addressKey = address === undefined ? undefined : requireKey(address)
      const page = await searchSuppressions(database, { ...search, lists, addressKey, now: clock() })
      return { next: page.next, items: page.items.map(namingLists(lists)) }
    },
    timeline: async (service, address) => {
      const lists = await findLists(database, service.id)
      const { events, standings } = await readTimeline(database, lists, requireKey(address))
      const now = clock()
      return {
        events: events.map(namingLists(lists)),
        excludedBy: standings
          .filter((standing) => excludes(standing, now))
          .map((standing) => ({ ...standing, expiresAt: endOf(standing) }))
          .map(namingLists(lists)),
      }
    },
  }
}

async function changeAll(
  { clock, recorder }: SuppressionFoundations,
  list: List,
  { addresses }: BulkRequest,
  toChange: (
    change: Pick<SuppressionChange, 'listId' | 'recipient' | 'requestedAt' | 'source' | 'evidence'>,
  ) => SuppressionChange,
): Promise<BulkAnswer> {
  const requestedAt = clock()
  const parsed = addresses.map(parseAddress)
  const results = await Promise.all(
    parsed
      .filter((recipient) => recipient !== undefined)
      .map((recipient) =>
        recorder.record(toChange({ listId: list.id, recipient, requestedAt, source: 'api', evidence: null })),
      ),
  )
  const changed = results.filter((result) => result.changed).length
  return {
    changed,
    unchanged: results.length - changed,
    malformed: addresses.filter((_, index) => !parsed[index]),
  }
}

function counts({ changed, unchanged, malformed }: BulkAnswer) {
  return { changed, unchanged, malformed: malformed.length }
}

function requireKey(address: string): string {
  const parsed = parseAddress(address)
  if (!parsed) throw invalid('address', 'must be a mail address')
  return parsed.key
}

/** Puts the name of its list in the place of the list's id. */
function namingLists(lists: readonly List[]) {
  const names = new Map(lists.map((list) => [list.id, listRef(list)]))
  return <T extends { listId: number }>({ listId, ...rest }: T) => ({
    ...rest,
    list: names.get(listId) ?? String(listId),
  })
}
