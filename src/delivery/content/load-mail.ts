import { type Address, parseAddress } from '../../kernel/address.ts'
import { inGroups } from '../../kernel/in-groups.ts'
import type { Database } from '../../storage/database.ts'
import type { MessageTable } from '../../storage/mail-tables.ts'
import { rowSet } from '../../storage/row-set.ts'
import type { Tables } from '../../storage/tables.ts'
import { type Content, compileContent, rawContent, type StoredContent } from './content.ts'

/** A mail as its messages need it: its delivery and its content. */
export interface LoadedMail {
  deliveryId: number
  serviceId: number
  state: Tables['delivery']['state']
  from: Address
  transactional: boolean
  sendAt: number
  content: Content
  returnPath: string | null
  /** The relay is asked to take an internationalised message. */
  smtpUtf8: boolean
  /** Roughly how much memory the content takes, in bytes. */
  size: number
}

export interface MailLoader {
  /**
   * Loads the mails of these messages, by content id, in groups of at most about 32 MiB; each group is read when it is
   * asked for. Deliveries are read afresh, contents may come from a cache: a worker sends many messages with few
   * contents.
   */
  load(messages: readonly MessageTable[]): AsyncIterable<Map<number, LoadedMail>>
}

const GROUP_BYTES = 32 * 1024 * 1024
const MOST_REMEMBERED = 100
const MOST_REMEMBERED_BYTES = 1024 * 1024

type StoredMail = Pick<LoadedMail, 'content' | 'returnPath' | 'smtpUtf8' | 'size'>

export function mailLoader(database: Database): MailLoader {
  const remembered = new Map<number, StoredMail>()
  const { query } = database

  const remember = (id: number, mail: StoredMail) => {
    if (mail.size > MOST_REMEMBERED_BYTES) return
    const oldest = remembered.keys().next()
    if (remembered.size >= MOST_REMEMBERED && !oldest.done) remembered.delete(oldest.value)
    remembered.set(id, mail)
  }

  return {
    load: async function* (messages) {
      const contentIds = [...new Set(messages.map(({ content_id }) => content_id))]
      const unknown = contentIds.filter((id) => !remembered.has(id))
      const sizes = unknown.length > 1 ? await readSizes(database, unknown) : new Map<number, number>()
      for (const group of inGroups(contentIds, (id) => sizes.get(id) ?? 0, GROUP_BYTES)) {
        const missing = group.filter((id) => !remembered.has(id))
        const loaded = new Map(group.flatMap((id) => entryOf(remembered, id)))
        for (const { id, ...row } of await readContents(database, missing)) {
          const mail = toMail(row)
          loaded.set(id, mail)
          remember(id, mail)
        }
        const own = messages.filter(({ content_id }) => loaded.has(content_id))
        const deliveries = await readDeliveries(new Set(own.map(({ delivery_id }) => delivery_id)))
        yield new Map(own.flatMap((message) => joined(message, deliveries, loaded)))
      }
    },
  }

  async function readDeliveries(ids: Set<number>) {
    const wanted = rowSet(
      database,
      'wanted',
      { id: 'integer' },
      [...ids].map((id) => ({ id })),
    )
    const rows = await database.read(
      query
        .selectFrom(wanted)
        .innerJoin('delivery as d', 'd.id', 'wanted.id')
        .select(['d.id', 'd.service_id', 'd.state', 'd.from_address', 'd.transactional', 'd.send_at']),
    )
    return new Map(rows.map((row) => [row.id, row]))
  }
}

function joined(
  { content_id, delivery_id }: MessageTable,
  deliveries: Map<
    number,
    Pick<Tables['delivery'], 'service_id' | 'state' | 'from_address' | 'transactional' | 'send_at'>
  >,
  contents: Map<number, StoredMail>,
): [number, LoadedMail][] {
  const delivery = deliveries.get(delivery_id)
  const stored = contents.get(content_id)
  const from = delivery && parseAddress(delivery.from_address)
  if (!delivery || !stored || !from) return []
  const { service_id: serviceId, state, transactional, send_at: sendAt } = delivery
  const mail = {
    deliveryId: delivery_id,
    serviceId,
    state,
    from,
    transactional: transactional === 1,
    sendAt,
    ...stored,
  }
  return [[content_id, mail]]
}

async function readSizes(database: Database, ids: readonly number[]): Promise<Map<number, number>> {
  const rows = await database.read(
    ofContents(database, ids).select(({ fn }) => [
      'c.id',
      fn.coalesce(fn<number>('length', ['c.raw']), fn<number>('length', ['c.template_json'])).as('size'),
    ]),
  )
  return new Map(rows.map(({ id, size }) => [id, size]))
}

async function readContents(database: Database, ids: readonly number[]) {
  if (ids.length === 0) return []
  return database.read(
    ofContents(database, ids).select(['c.id', 'c.template_json', 'c.raw', 'c.return_path', 'c.smtp_utf8']),
  )
}

function ofContents(database: Database, ids: readonly number[]) {
  const wanted = rowSet(
    database,
    'wanted',
    { id: 'integer' },
    ids.map((id) => ({ id })),
  )
  return database.query.selectFrom(wanted).innerJoin('content as c', 'c.id', 'wanted.id')
}

function toMail({
  template_json,
  raw,
  return_path,
  smtp_utf8,
}: Pick<Tables['content'], 'template_json' | 'raw' | 'return_path' | 'smtp_utf8'>): StoredMail {
  return {
    content: raw ? rawContent(Buffer.from(raw)) : compileContent(JSON.parse(template_json) as StoredContent),
    returnPath: return_path,
    smtpUtf8: smtp_utf8 === 1,
    size: raw?.length ?? template_json.length,
  }
}

function entryOf<V>(map: ReadonlyMap<number, V>, key: number): [number, V][] {
  const value = map.get(key)
  return value === undefined ? [] : [[key, value]]
}
