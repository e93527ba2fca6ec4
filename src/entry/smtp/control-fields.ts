import { invalid } from '../../kernel/domain-error.ts'
import { type HeaderField, parseHeaderBlock, splitMessage, valuesOf } from '../../mail/header-block.ts'
import { decodeHeaderText } from '../../mail/header-text.ts'

const OURS = 'x-kaijo-'
const TRANSACTIONAL = 'X-Kaijo-Transactional'
const DELIVERY = 'X-Kaijo-Delivery'
const LONGEST_REFERENCE = 100

export interface WithoutControlFields {
  /** The message without our control fields, every other byte as it came. */
  raw: Buffer
  fields: HeaderField[]
  transactional: boolean
  reference: string | undefined
}

/**
 * Reads what a client tells us in our own fields, and removes all of those: they are for nobody else. Lines must end in
 * CRLF. Throws DomainError `invalid-value` for an invalid value or a repeated field: what was meant is not guessed.
 */
export function takeControlFields(raw: Buffer): WithoutControlFields {
  const { head } = splitMessage(raw)
  const all = parseHeaderBlock(head)
  const fields = all.filter(({ key }) => !key.startsWith(OURS))
  const transactional = only(all, TRANSACTIONAL)
  const reference = only(all, DELIVERY)
  return {
    raw: fields.length === all.length ? raw : withHead(fields, raw.subarray(head.length)),
    fields,
    transactional: transactional !== undefined && readFlag(transactional),
    reference: reference === undefined ? undefined : readReference(reference),
  }
}

function withHead(fields: readonly HeaderField[], rest: Buffer): Buffer {
  return Buffer.concat([Buffer.from(fields.map(({ raw }) => raw).join(''), 'latin1'), rest])
}

function only(fields: readonly HeaderField[], name: string): string | undefined {
  const [value, another] = valuesOf(fields, name)
  if (another !== undefined) throw invalid(name, 'stands there more than once')
  return value
}

function readFlag(value: string): boolean {
  if (/^(?:yes|true|1)$/i.test(value)) return true
  if (/^(?:no|false|0)$/i.test(value)) return false
  throw invalid(TRANSACTIONAL, 'must be yes or no')
}

function readReference(value: string): string {
  const name = decodeHeaderText(value).trim()
  const fits = name !== '' && name.length <= LONGEST_REFERENCE && !/[\p{Cc}\ufffd]/u.test(name)
  if (!fits || !name.isWellFormed()) {
    throw invalid(DELIVERY, `must be a name of 1 to ${LONGEST_REFERENCE} characters`)
  }
  return name
}
