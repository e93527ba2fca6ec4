import { sql } from 'kysely'
import { DomainError } from '../kernel/domain-error.ts'
import type { Database } from '../storage/database.ts'
import type { Tables } from '../storage/tables.ts'
import type { InboundKind, InboundMail, InboundOutcome } from './inbound-mail.ts'

/** A mail that came in, as operators see it. */
export interface KeptMail {
  id: number
  serviceId: number | null
  kind: InboundKind
  outcome: InboundOutcome
  address: string | null
  /** The number of our message that it is about. */
  messageId: number | null
  detail: Record<string, unknown>
  sender: string | null
  recipient: string | null
  clientAddress: string | null
  receivedAt: number
  resolvedAt: number | null
  resolvedBy: string | null
  size: number
}

/** Whose mails: a service's (by id), those that came in for no service, or all of them. */
export type Whose = number | 'nobody' | 'all'

/** Not understood and not dealt with. Word for word the condition of the partial indexes. */
export const isOpen = sql<boolean>`outcome = 'not-understood' and resolved_at is null`

const COLUMNS = [
  'id',
  'service_id',
  'kind',
  'outcome',
  'address',
  'message_id',
  'detail_json',
  'mail_from',
  'rcpt_to',
  'client_address',
  'received_at',
  'resolved_at',
  'resolved_by',
  'size',
] as const satisfies (keyof Tables['inbound_mail'])[]

export interface KeptMailFilter {
  /** Only mails that were not understood and not dealt with. */
  open?: boolean | undefined
  outcome?: InboundOutcome | undefined
}

/** Finds mails, newest first, starting below the given id. */
export async function findKeptMails(
  database: Database,
  whose: Whose,
  { open, outcome, before, limit }: KeptMailFilter & { before?: number | undefined; limit: number },
): Promise<KeptMail[]> {
  let rows = database.query.selectFrom('inbound_mail').select(COLUMNS).where(isOf(whose))
  if (open) rows = rows.where(isOpen)
  if (outcome !== undefined && whose !== 'all') {
    // As a range of the index on outcomes: asked for equality with one outcome, PostgreSQL goes through all mails down
    // from the newest.
    const key = sql`(outcome, id)`
    rows = rows
      .where(sql<boolean>`${key} > (${outcome}, 0)`)
      .where(sql<boolean>`${key} < (${outcome}, ${before ?? Number.MAX_SAFE_INTEGER})`)
      .orderBy('outcome', 'desc')
  } else {
    if (outcome !== undefined) rows = rows.where('outcome', '=', outcome)
    if (before !== undefined) rows = rows.where('id', '<', before)
  }
  return (await database.read(rows.orderBy('id', 'desc').limit(limit))).map(toKeptMail)
}

/** Throws DomainError `not-found`. */
export async function findKeptMail(database: Database, whose: Whose, id: number): Promise<KeptMail> {
  const [row] = await database.read(ofOne(database, whose, id).select(COLUMNS))
  return row ? toKeptMail(row) : refuse(id)
}

/** The mail as it came in, or as much of it as is kept. Throws DomainError `not-found`. */
export async function readKeptMail(
  database: Database,
  whose: Whose,
  id: number,
): Promise<Omit<InboundMail, 'helo' | 'vouchedBy'>> {
  const [row] = await database.read(ofOne(database, whose, id).select([...COLUMNS, 'raw']))
  if (!row) return refuse(id)
  const { sender, recipient, clientAddress, receivedAt } = toKeptMail(row)
  return { sender, recipient, clientAddress, receivedAt, raw: Buffer.from(row.raw) }
}

/** Marks a mail as dealt with. Throws DomainError `not-found`. */
export async function resolveKeptMail(
  database: Database,
  whose: Whose,
  id: number,
  { by, at }: { by: string; at: number },
): Promise<KeptMail> {
  const update = database.query
    .updateTable('inbound_mail')
    .set({ resolved_at: at, resolved_by: by })
    .where('id', '=', id)
    .where('resolved_at', 'is', null)
  await database.transact([update.where(isOf(whose))])
  return findKeptMail(database, whose, id)
}

function ofOne({ query }: Database, whose: Whose, id: number) {
  return query.selectFrom('inbound_mail').where('id', '=', id).where(isOf(whose))
}

function isOf(whose: Whose) {
  if (whose === 'all') return sql<boolean>`1 = 1`
  return whose === 'nobody' ? sql<boolean>`service_id is null` : sql<boolean>`service_id = ${whose}`
}

function refuse(id: number): never {
  throw new DomainError('not-found', `there is no mail ${id}`)
}

function toKeptMail(row: Pick<Tables['inbound_mail'], (typeof COLUMNS)[number]>): KeptMail {
  return {
    id: row.id,
    serviceId: row.service_id,
    kind: row.kind,
    outcome: row.outcome,
    address: row.address,
    messageId: row.message_id,
    detail: JSON.parse(row.detail_json),
    sender: row.mail_from,
    recipient: row.rcpt_to,
    clientAddress: row.client_address,
    receivedAt: row.received_at,
    resolvedAt: row.resolved_at,
    resolvedBy: row.resolved_by,
    size: row.size,
  }
}
