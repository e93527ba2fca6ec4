import { csvRecords } from '../../imports/reading/csv-records.ts'
import type { Reject } from '../../imports/reading/read-file.ts'
import type { RejectReason } from '../../imports/reading/reject-reasons.ts'
import type { RowReader } from '../../imports/reading/text-rows.ts'
import { unreadable } from '../../imports/reading/unreadable.ts'
import { parseAddress } from '../../kernel/address.ts'
import { type SubscriberData, subscriberData } from '../subscriber.ts'

/** A row of a file of subscribers. Data that the header does not name is not given. */
export interface SubscriberRow {
  key: string
  address: string
  data: SubscriberData
}

interface Columns {
  address: number
  userIds: number[]
  attributes: { name: string; column: number }[]
}

/** arara's limit, in octets of UTF-8. */
const MOST_OCTETS = 4_096
const MOST_CHARACTERS_OF_REJECT = 200

const ADDRESS = /メールアドレス|^e-?mail$/i
const USER_ID = /^(?:user[ _]?ids?|ユーザーid)$/i

/** Without a header the first field is the address, and nothing else is taken. */
const NO_HEADER: Columns = { address: 0, userIds: [], attributes: [] }

/**
 * Reads CSV like arara's lists of end users: quoted or not, with a header that names メールアドレス or email, or without a
 * header. `user_id` columns are user ids; every other named column is an attribute. An empty cell gives nothing. Throws
 * DomainError `unreadable-file` with the row at fault.
 */
export function subscriberRows(
  onRow: (row: SubscriberRow, number: number) => void,
  onReject: (reject: Reject) => void,
): RowReader {
  let columns: Columns | undefined
  return csvRecords((number, fields) => {
    if (!columns) {
      const isHeader = fields.some((field) => ADDRESS.test(field.trim()))
      columns = isHeader ? columnsOf(fields, number) : NO_HEADER
      if (isHeader) return
    }
    const read = readRow(fields, columns)
    if ('key' in read) return onRow(read, number)
    const text = fields.join(',').slice(0, MOST_CHARACTERS_OF_REJECT).toWellFormed()
    onReject({ number, text, reason: read })
  })
}

function columnsOf(header: readonly string[], number: number): Columns {
  const names = header.map((name) => name.trim())
  const columns: Columns = { address: -1, userIds: [], attributes: [] }
  for (const [column, name] of names.entries()) {
    if (ADDRESS.test(name)) {
      if (columns.address >= 0) throw unreadable('twoAddressColumns', number)
      columns.address = column
    } else if (USER_ID.test(name)) columns.userIds.push(column)
    else if (name !== '') {
      if (names.indexOf(name) < column) throw unreadable('twoColumns', number, name)
      columns.attributes.push({ name, column })
    }
  }
  const sample = { attributes: Object.fromEntries(columns.attributes.map(({ name }) => [name, ''])) }
  const mistake = mistakeOf(sample)
  if (mistake !== undefined) throw unreadable('badHeader', number, mistake)
  return columns
}

/** The row, or why it is skipped. */
function readRow(fields: readonly string[], columns: Columns): SubscriberRow | RejectReason {
  const octets = fields.reduce((sum, field) => sum + Buffer.byteLength(field) + 1, -1)
  if (octets > MOST_OCTETS) return ['long-row', String(MOST_OCTETS)]
  const cell = (column: number) => fields[column]?.trim() ?? ''
  const text = cell(columns.address)
  const recipient = parseAddress(text)
  if (!recipient) return [text === '' ? 'no-address' : 'malformed-address']
  const attributes = columns.attributes.map(({ name, column }) => [name, cell(column)] as const)
  const given = {
    ...(columns.userIds.length > 0 && { userIds: columns.userIds.map(cell).filter((id) => id !== '') }),
    ...(attributes.length > 0 && {
      attributes: Object.fromEntries(attributes.filter(([, value]) => value !== '')),
    }),
  }
  const read = subscriberData.safeParse(given)
  if (!read.success) return unfit(read.error.issues[0]?.path ?? [])
  return { key: recipient.key, address: recipient.address, data: read.data }
}

function unfit([part, name]: readonly PropertyKey[]): RejectReason {
  if (part === 'userIds') return ['unfit-user-ids']
  return name === undefined ? ['large-attributes'] : ['unfit-attribute', String(name)]
}

function mistakeOf(given: unknown): string | undefined {
  const [issue] = subscriberData.safeParse(given).error?.issues ?? []
  return issue && `${issue.path.join('.')} ${issue.message}`
}
