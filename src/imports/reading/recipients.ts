import type { Address } from '../../kernel/address.ts'
import { type RecogniseErased, recogniseNobody } from '../../suppression/erased/recognise-erased.ts'
import { maskedRow } from '../erased/masked.ts'
import { namelessRow } from '../erased/nameless-row.ts'
import type { Routed } from './routing.ts'
import { collectAddresses } from './sorted-addresses.ts'

/** The recipients whom a file names for one list, each once, in the order of their keys. */
export interface Recipients {
  /** Undefined when the whole file goes to one list. */
  list: string | undefined
  count: number
  /**
   * Those from `first` to before `end` as a JSON array in the form of `ImportChunkTable.rows_json`; without the
   * addresses of those whom `recognise` recognises.
   */
  rowsJson(first: number, end: number, recognise: RecogniseErased): string
}

/** Collects what rows say. */
export interface Collector<T> {
  add(address: Address, row: T, number: number): void
  collected(): Collected
}

export interface Collected {
  recipients: Recipients[]
  /** How many rows do not count because another row of the same recipient does. */
  repeated: number
  /** Recipients whose request is older than the lifetime of their list: nobody is excluded by it. */
  lapsed: number
}

/** Collects recipients of whom nothing but the address is known; the spelling of the first row with capitals counts. */
export function plainRecipients(): Collector<undefined> {
  const addresses = collectAddresses()
  return {
    add: (address, _row, number) => addresses.add(address, number),
    collected: () => {
      const { count, slice } = addresses.sorted()
      const rowsJson: Recipients['rowsJson'] = (first, end, recognise) =>
        JSON.stringify(
          slice(first, end).map((row) => {
            const hash = recognise(row[0])
            return hash === undefined ? row : maskedRow(row, hash)
          }),
        )
      return {
        recipients: [{ list: undefined, count, rowsJson }],
        repeated: addresses.rows() - count,
        lapsed: 0,
      }
    },
  }
}

type RoutedRow = Extract<Routed, { list: string }>
type TakenBack = (number: number, address: string) => void

/** `row` is the recipient as JSON, much smaller than an object; undefined when it was taken back. */
interface Latest {
  order: number
  number: number
  requestedAt: number
  row: string | undefined
}

/**
 * Collects recipients with the time and reason of each, by list; of several rows the latest counts. `onTakenBack` is
 * called at the end for those whose latest row takes back what an earlier one said.
 */
export function routedRecipients(
  onTakenBack: TakenBack,
  { oneList, isOver }: { oneList: boolean; isOver(list: string, requestedAt: number): boolean },
): Collector<RoutedRow> {
  const lists = new Map<string, Map<string, Latest>>()
  let repeated = 0
  const countOver = (list: string, rows: Iterable<Latest>) => {
    let count = 0
    for (const { requestedAt } of rows) if (isOver(list, requestedAt)) count++
    return count
  }
  const listNamed = (list: string) => {
    const found = lists.get(list) ?? new Map<string, Latest>()
    lists.set(list, found)
    return found
  }
  return {
    add: ({ key, address }, row, number) => {
      const latest = listNamed(row.list)
      const before = latest.get(key)
      if (before) repeated++
      const { order, stops, since, reason, messageId, evidence } = row
      const isLatest = !before || before.order <= order
      // Of a list that was put together by when things were recorded the last to be so may tell of an older request.
      const requestedAt =
        before?.row && stops ? Math.max(before.requestedAt, row.requestedAt) : row.requestedAt
      if (isLatest) {
        const json = [key, address === key ? null : address, requestedAt, since, reason, messageId, evidence]
        latest.set(key, { order, number, requestedAt, row: stops ? JSON.stringify(json) : undefined })
      } else if (before.row && stops && requestedAt > before.requestedAt) {
        const json = JSON.parse(before.row).with(2, requestedAt)
        latest.set(key, { ...before, requestedAt, row: JSON.stringify(json) })
      }
    },
    collected: () => {
      for (const latest of lists.values()) {
        for (const [key, { row, number }] of latest) {
          if (row !== undefined) continue
          latest.delete(key)
          onTakenBack(number, key)
        }
      }
      const recipients = [...lists]
        .filter(([, latest]) => latest.size > 0)
        .map(([list, latest]) => {
          const keys = [...latest.keys()].sort()
          const rowJson = (key: string, recognise: RecogniseErased) => {
            const row = latest.get(key)?.row
            if (row === undefined || recognise === recogniseNobody) return row
            const hash = recognise(key)
            const read = JSON.parse(row)
            return JSON.stringify(hash === undefined ? namelessRow(read, recognise) : maskedRow(read, hash))
          }
          const rowsJson: Recipients['rowsJson'] = (first, end, recognise) =>
            `[${keys
              .slice(first, end)
              .map((key) => rowJson(key, recognise))
              .join(',')}]`
          return { list: oneList ? undefined : list, count: keys.length, rowsJson }
        })
      const lapsed = [...lists].reduce((sum, [list, latest]) => sum + countOver(list, latest.values()), 0)
      return { recipients, repeated, lapsed }
    },
  }
}
