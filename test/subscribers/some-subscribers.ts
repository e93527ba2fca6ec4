import { parseAddress } from '../../src/kernel/address.ts'
import type { Database } from '../../src/storage/database.ts'
import { createJoin } from '../../src/subscribers/join.ts'
import { createRecorder } from '../../src/suppression/changing/recorder.ts'
import { excludes } from '../../src/suppression/deciding/standing.ts'
import { readTimeline } from '../../src/suppression/reading/timeline.ts'
import { createFilter } from '../../src/tenants/filter.ts'
import { findLists, listRef } from '../../src/tenants/list.ts'
import { registerSender } from '../../src/tenants/sender.ts'
import { stop } from '../suppression/changes.ts'
import { someService } from '../tenants/some-service.ts'

export const START = Date.UTC(2026, 0, 1)

export function person(address: string) {
  const parsed = parseAddress(address)
  if (!parsed) throw new Error(`${address} is no address`)
  return parsed
}

/** A service with a list of every kind, a clock that the test moves, and what tests do to its recipients. */
export async function someSubscribers(database: Database) {
  const { service, listIds } = await someService(database)
  const now = START
  await registerSender(database, listIds, service, { address: 'news@example.com', now })
  const filter = { name: 'Tips', header: 'X-List', pattern: 'tips', match: 'exact', now } as const
  await createFilter(database, listIds, service, filter)
  const time = { now }
  const clock = () => time.now
  const recorder = createRecorder(database, clock)
  const lists = await findLists(database, service.id)
  return {
    service,
    lists,
    time,
    clock,
    recorder,
    join: createJoin(database, clock),
    stopOnEvery: (address: string) =>
      Promise.all(
        lists.map(({ id }) =>
          recorder.record(stop(id, address, { requestedAt: time.now, messageId: 'm@mail' })),
        ),
      ),
    /** The names of the lists that exclude the address now; sorted. */
    excludedBy: async (address: string) => {
      const { standings } = await readTimeline(database, lists, person(address).key)
      const names = new Map(lists.map((list) => [list.id, listRef(list)]))
      return standings
        .filter((standing) => excludes(standing, time.now))
        .map(({ listId }) => names.get(listId))
        .sort()
    },
  }
}
