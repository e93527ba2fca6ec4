import { parseAddress } from '../../kernel/address.ts'
import { type Header, readHeader } from './csv-header.ts'
import { csvRecords, type OnRecord } from './csv-records.ts'
import { decoderOf, findEncoding } from './encoding.ts'
import { readParts } from './file-bytes.ts'
import { type Collected, plainRecipients, routedRecipients } from './recipients.ts'
import type { RejectReason } from './reject-reasons.ts'
import { isOver, type Routing, routeRows } from './routing.ts'
import { type OnRow, textRows } from './text-rows.ts'
import { type FileFormat, tooLarge, unreadable } from './unreadable.ts'

/** KARTE's limit; skipped rows count, blank lines do not. */
export const MOST_ROWS = 1_000_000

const MOST_CHARACTERS_OF_REJECT = 200

/** A row that is skipped. */
export interface Reject {
  /** As a spreadsheet counts: the header is row 1. */
  number: number
  /** The first 200 characters of what should be its address. */
  text: string
  reason: RejectReason
}

export interface ReadRequest {
  format: FileFormat
  encoding: string | undefined
  /** Undefined where rows are nothing but addresses, as when they are to be taken off a list. */
  routing: Routing | undefined
}

/** What was read of a file: its recipients by list, with at least one list where they all go to one. */
export interface ReadFile extends Collected {
  encoding: string
  /** Which known export the file is; null when it is a plain list of addresses. */
  known: string | null
  /** Data rows. */
  rows: number
  rejects: Reject[]
}

/**
 * Reads a whole file into recipients. Blocks, for seconds when the file is large, so it is for a thread of its own.
 * Throws DomainError `unreadable-file`, `too-large`, `unknown-filter`, or `invalid-value` for `encoding` or `list`.
 */
export function readFile(file: string, { format, encoding: given, routing }: ReadRequest): ReadFile {
  const { label: encoding, unlessExport } = findEncoding(file, given, format)
  const auto = routing !== undefined && routing.list === undefined
  const reading = newReading()
  let header: Header | undefined
  let onRow: OnRecord | undefined
  const onRecord: OnRecord = (number, fields) => {
    if (onRow) return onRow(number, fields)
    header = readHeader(number, fields, { auto, unlessExport })
    onRow = takeRows(reading, header, routing)
    if (header.known && header.headless) onRow(number, fields)
  }
  const reader = format === 'csv' ? csvRecords(onRecord) : textRows(takeAddresses(reading))
  const decoder = decoderOf(encoding)
  const push = (text: string) => {
    if (text.includes('\0')) throw unreadable('nulBehindRow', reading.rows + 1)
    reader.push(text)
  }
  for (const part of readParts(file)) push(decoder.decode(part, { stream: true }))
  push(decoder.decode())
  reader.end()
  if (format === 'csv' && !header) throw unreadable('empty')
  if (reading.rows === 0) throw unreadable('noRows')
  const collected = reading.finish()
  const { rows, rejects } = reading
  return { encoding, known: header?.known?.name ?? null, rows, rejects, ...collected }
}

interface Reading {
  rows: number
  rejects: Reject[]
  finish(): Collected
}

function newReading(): Reading {
  return { rows: 0, rejects: [], finish: () => ({ recipients: [], repeated: 0, lapsed: 0 }) }
}

/** Reads rows as nothing but addresses. */
function takeAddresses(reading: Reading): OnRow {
  const collector = plainRecipients()
  reading.finish = collector.collected
  return (number, text) => {
    const address = addressOf(reading, number, text)
    if (address) collector.add(address, undefined, number)
  }
}

function takeRows(reading: Reading, header: Header, routing: Routing | undefined): OnRecord {
  const { column } = header
  if (!header.known || !routing) {
    const take = takeAddresses(reading)
    return (number, fields) => take(number, fields[column] ?? '')
  }
  const route = routeRows(header.known, routing)
  const onTakenBack = (number: number, address: string) => reject(reading, number, address, ['resumed-later'])
  const collector = routedRecipients(onTakenBack, {
    oneList: routing.list !== undefined,
    isOver: (list, requestedAt) => isOver(routing, list, requestedAt),
  })
  reading.finish = collector.collected
  const { cellsOf } = header
  return (number, fields) => {
    const text = fields[column] ?? ''
    const address = addressOf(reading, number, text)
    if (!address) return
    const routed = route(number, cellsOf(fields))
    if ('skip' in routed) reject(reading, number, text, routed.skip)
    else collector.add(address, routed, number)
  }
}

/** Counts the row; undefined when it has no address. */
function addressOf(reading: Reading, number: number, text: string) {
  reading.rows++
  if (reading.rows > MOST_ROWS) {
    throw tooLarge('atRow', number, MOST_ROWS)
  }
  const address = parseAddress(text) ?? parseAddress(text.trim())
  if (!address) {
    reject(reading, number, text, [text.trim() === '' ? 'no-address' : 'malformed-address'])
  }
  return address
}

function reject({ rejects }: Reading, number: number, text: string, reason: RejectReason): void {
  rejects.push({ number, text: text.slice(0, MOST_CHARACTERS_OF_REJECT).toWellFormed(), reason })
}
