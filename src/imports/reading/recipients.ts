import type { Address } from '../../kernel/address.ts'
import { type RecogniseErased, recogniseNobody } from '../../suppression/erased/recognise-erased.ts'
import { maskedRow } from '../erased/masked.ts'
import { namelessRow } from '../erased/nameless-row.ts'
import type { Routed } from './routing.ts'
import { collectAddresses } from './sorted-addresses.ts'

/** Those of one list that a file names, each once, in the order of their keys. */
export interface Recipients {
  /** Undefined for the list that the whole file is applied to. */
  list: string | undefined
  count: number
  /** Some of them as JSON: an array of what a chunk stores, see `ImportChunkTable`; of who is recognised without their address. */
  rowsJson(first: number, end: number, recognise: RecogniseErased): string
}

/** Takes what rows say. */
export interface Collector<T> {
  add(address: Address, row: T, number: number): void
  collected(): Collected
}

export interface Collected {
  recipients: Recipients[]
  /** Rows of whose recipient another row is the one that counts. */
  repeated: number
}

/** Recipients of whom nothing is known but the address; the spelling of the first row with capitals counts. */
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
      return { recipients: [{ list: undefined, count, rowsJson }], repeated: addresses.rows() - count }
    },
  }
}

type RoutedRow = Extract<Routed, { list: string }>
type TakenBack = (number: number, address: string) => void

/** `row` is the recipient as JSON, which is much smaller than an object; undefined where it was taken back. */
interface Latest {
  order: number
  number: number
  row: string | undefined
}

/**
 * Recipients with the time and reason of each, by list; of several rows the latest counts. `onTakenBack` is told at the end of
 * those whose latest row takes back what an earlier one says.
 */
export function routedRecipients(
  onTakenBack: TakenBack,
  { oneList }: { oneList: boolean },
): Collector<RoutedRow> {
  const lists = new Map<string, Map<string, Latest>>()
  let repeated = 0
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
      if (before && before.order > row.order) return
      const { requestedAt, since, reason, messageId, evidence } = row
      const json = [key, address === key ? null : address, requestedAt, since, reason, messageId, evidence]
      const taken = { order: row.order, number, row: row.stops ? JSON.stringify(json) : undefined }
      latest.set(key, taken)
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
      return { recipients, repeated }
    },
  }
}
