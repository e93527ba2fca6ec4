import type { NativeParts } from '../../../dialects/native/parts.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { Database } from '../../../storage/database.ts'
import { findAgreements } from '../../../subscribers/agreements/read-agreements.ts'
import { changeMany } from '../../../suppression/changing/change-many.ts'
import type { Recorder } from '../../../suppression/changing/recorder.ts'
import { endOf, excludes } from '../../../suppression/deciding/standing.ts'
import type { ErasedPeople } from '../../../suppression/erased/erased.ts'
import { searchSuppressions } from '../../../suppression/reading/search.ts'
import { readTimeline } from '../../../suppression/reading/timeline.ts'
import { findLists, type List, resolveList, resolveLists } from '../../../tenants/list.ts'
import type { Service } from '../../../tenants/service.ts'
import { originOf, REASON_OF_CALLER } from './change-origin.ts'
import type { RecordChange } from './change-record.ts'
import { keyOf, listNames, named } from './native-names.ts'

interface Capabilities {
  database: Database
  clock: Clock
  recorder: Recorder
  erased: Pick<ErasedPeople, 'find'>
  record: RecordChange
}

/** What the native interface does with who is on a list. */
export function createSuppressionParts(capabilities: Capabilities): NativeParts['suppressions'] {
  const { database, clock, recorder, erased, record } = capabilities
  /** An erased person is found by their address, under the hash that stands for it. */
  const keyInSite = async ({ siteId }: Service, address: string) => {
    const key = keyOf(address)
    return (await erased.find([key], [siteId])).get(key) ?? key
  }
  return {
    stop: async (service, { list, addresses }, actor) => {
      const { id: listId, kind } = await resolveList(database, service.id, list)
      const request = { listId, addresses, requestedAt: clock(), ...originOf(actor) }
      const reason = REASON_OF_CALLER[kind]
      const answer = await changeMany(recorder, { ...request, kind: 'stop', reason })
      await record(actor, service, 'suppression.stop', list, { changed: answer.changed })
      return answer
    },
    resume: async (service, { list, addresses }, actor) => {
      const { id: listId } = await resolveList(database, service.id, list)
      const request = { listId, addresses, requestedAt: clock(), ...originOf(actor) }
      const answer = await changeMany(recorder, { ...request, kind: 'resume' })
      await record(actor, service, 'suppression.resume', list, { changed: answer.changed })
      return answer
    },
    search: async (service, { list, address, ...search }) => {
      const lists =
        list === undefined
          ? await findLists(database, service.id)
          : await resolveLists(database, service.id, list)
      const nameOf = await listNames(database, service)
      const addressKey = address === undefined ? undefined : await keyInSite(service, address)
      const wanted = { ...search, lists, addressKey, now: clock() }
      const { items, ...rest } = await searchSuppressions(database, wanted)
      return { items: items.map((item) => named(item, nameOf)), ...rest }
    },
    timeline: async (service, address) => {
      const lists = await findLists(database, service.id)
      const nameOf = await listNames(database, service)
      const key = await keyInSite(service, address)
      const { events, standings } = await readTimeline(database, lists, key)
      // A deleted filter's list applies to no mail any more, nor a sender's where the customer excludes on their own.
      const applies = ({ kind, archived }: List) =>
        !archived && (kind !== 'sender' || service.settings.automaticExclusion)
      const applying = new Set(lists.filter(applies).map(({ id }) => id))
      const excluding = standings.filter(
        (standing) => applying.has(standing.listId) && excludes(standing, clock()),
      )
      return {
        // Somebody who was erased and came back agreed under their address.
        agreements: await findAgreements(database, service.id, [key, keyOf(address)]),
        events: events.map((event) => named(event, nameOf)),
        excludedBy: excluding.map((standing) => ({
          ...named(standing, nameOf),
          expiresAt: endOf(standing),
        })),
      }
    },
  }
}
