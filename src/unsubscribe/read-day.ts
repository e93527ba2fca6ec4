import { boundsOfDay } from '../kernel/calendar.ts'
import type { Clock } from '../kernel/clock.ts'
import { invalid } from '../kernel/domain-error.ts'
import { decodeCursor, encodeCursor } from '../storage/cursor.ts'
import type { Database } from '../storage/database.ts'
import { readStopRequests } from '../suppression/reading/requests.ts'
import type { Service } from '../tenants/service.ts'
import { readOpaqueParts } from './read-opaque.ts'

/**
 * Somebody who asked to stop: an address when it was by a link of ours, or what the customer put into a link that they
 * made.
 */
export type DayRequest = { requestedAt: number; key: string } & (
  | { kind: 'address'; address: string; messageId: string | null; excluded: boolean }
  | { kind: 'opaque'; part: string }
)

interface DayOfList {
  service: Service
  listId: number
  /** `YYYY-MM-DD` in the service's time zone. */
  day: string
  /** `cursorBehind` of the last row that the reader has already. */
  cursor?: string | undefined
}

const RANK = { address: 0, opaque: 1 } as const
/** Sorts after every address on both engines, which compare by bytes. */
const LAST_KEY = '\u{10ffff}'

/**
 * Reads everyone who asked to stop on one calendar day by the links of one list, in the order in which the requests were
 * made. Rejects with DomainError `invalid-value` for a cursor of another day.
 */
export async function* readDay(
  database: Database,
  { service, listId, day, cursor }: DayOfList,
  clock: Clock,
): AsyncGenerator<DayRequest> {
  const { timeZone, settings } = service
  const { from, to } = boundsOfDay(day, timeZone)
  const known = cursor === undefined ? undefined : readCursor(cursor, { from, to })
  const { automaticExclusion } = settings
  const stops = readStopRequests(
    database,
    { listIds: [listId], from, to, timeZone, automaticExclusion, after: known && stopsBehind(known) },
    clock,
  )
  const opaque = readOpaqueParts(database, { listId, from, to, ...(known && opaqueBehind(known)) })
  yield* inOrder(
    mapped(stops, ({ address, addressKey, messageId, requestedAt, excluded }) => {
      return { kind: 'address', address, messageId, excluded, requestedAt, key: addressKey }
    }),
    mapped(opaque, ({ part, receivedAt }) => ({ kind: 'opaque', part, requestedAt: receivedAt, key: part })),
  )
}

/** Names the place after a row, for a reader that goes on later. */
export function cursorBehind({ requestedAt, kind, key }: DayRequest): string {
  return encodeCursor([requestedAt, RANK[kind], key])
}

type Place = [requestedAt: number, rank: number, key: string]

function readCursor(cursor: string, { from, to }: { from: number; to: number }): Place {
  const place = decodeCursor(cursor, ['integer', 'integer', 'text'])
  if (place[0] >= from && place[0] < to) return place
  throw invalid('cursor', 'must be the next cursor of an earlier page of this day')
}

function stopsBehind([requestedAt, rank, key]: Place): [number, string] {
  return [requestedAt, rank === RANK.address ? key : LAST_KEY]
}

/** The place among opaque parts: at the moment of a known address, no opaque part has been read yet. */
function opaqueBehind([requestedAt, rank, key]: Place) {
  return rank === RANK.address ? { from: requestedAt } : { after: [requestedAt, key] as [number, string] }
}

async function* mapped<T>(
  pages: AsyncIterable<readonly T[]>,
  map: (row: T) => DayRequest,
): AsyncGenerator<DayRequest> {
  for await (const page of pages) yield* page.map(map)
}

/** Merges two sources by time; at the same moment, rows of `one` come first. */
async function* inOrder(
  one: AsyncGenerator<DayRequest>,
  other: AsyncGenerator<DayRequest>,
): AsyncGenerator<DayRequest> {
  let [a, b] = await Promise.all([one.next(), other.next()])
  for (;;) {
    if (!a.done && (b.done || a.value.requestedAt <= b.value.requestedAt)) {
      yield a.value
      a = await one.next()
    } else if (!b.done) {
      yield b.value
      b = await other.next()
    } else return
  }
}
