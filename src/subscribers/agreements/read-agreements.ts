import { sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import type { AgreementTable } from '../../storage/tables.ts'
import { inStretch, type Stretch, walk } from '../../suppression/reading/walk.ts'
import { type Agreement, toAgreement } from './agreement.ts'

/** An agreement with what it was to. */
export interface ShownAgreement extends Agreement {
  text: string | null
}

export interface ListedAgreement extends ShownAgreement {
  /** As it was last given; the key when the person is no longer a subscriber. */
  address: string
}

/** Whoever registers again and again makes any number of agreements. */
const MOST = 100

/** What an address agreed to in a service, by any of these keys: the newest 100, newest first. */
export async function findAgreements(
  database: Database,
  serviceId: number,
  addressKeys: readonly string[],
): Promise<ShownAgreement[]> {
  const rows = await database.read(
    withText(database)
      .where('a.address_key', 'in', [...new Set(addressKeys)])
      .where('a.service_id', '=', serviceId)
      .orderBy('a.agreed_at', 'desc')
      .orderBy('a.form_id')
      .limit(MOST),
  )
  return rows.map(toShown)
}

const KEY = ['a.agreed_at', 'a.address_key', 'a.form_id'] as const

/** Everything that was agreed to in a service, in the order of time, in pages. `to` is the first moment after the period. */
export async function* readAgreements(
  database: Database,
  { id, siteId }: { id: number; siteId: number },
  period: { from?: number | undefined; to?: number | undefined },
): AsyncGenerator<ListedAgreement[]> {
  const key = KEY.map((column) => sql.ref<string | number>(column))
  const inPart = (stretch: Stretch) => inStretch(key, stretch, period)
  const pages = walk<Row & { address: string | null }>({
    keyAfter: async (after, places) => {
      const [row] = await database.read(
        database.query
          .selectFrom('agreement as a')
          .select(KEY)
          .where('a.service_id', '=', id)
          .where(inPart({ after, last: undefined }))
          .orderBy(sql`${sql.join(key)}`)
          .offset(places - 1)
          .limit(1),
      )
      return row && keyOf(row)
    },
    read: (stretch, most) =>
      database.read(
        withText(database)
          .leftJoin('subscriber as s', (join) =>
            join.onRef('s.address_key', '=', 'a.address_key').on('s.site_id', '=', siteId),
          )
          .select('s.address')
          .where('a.service_id', '=', id)
          .where(inPart(stretch))
          .orderBy(sql`${sql.join(key)}`)
          .limit(most),
      ),
    keyOf,
  })
  for await (const page of pages) {
    yield page.map((row) => ({ ...toShown(row), address: row.address ?? row.address_key }))
  }
}

type Row = AgreementTable & { text: string | null }

function withText({ query }: Database) {
  return query
    .selectFrom('agreement as a')
    .leftJoin('consent_text as t', 't.hash', 'a.text_hash')
    .selectAll('a')
    .select('t.text')
}

function keyOf({
  agreed_at,
  address_key,
  form_id,
}: Pick<AgreementTable, 'agreed_at' | 'address_key' | 'form_id'>) {
  return [agreed_at, address_key, form_id]
}

function toShown(row: Row): ShownAgreement {
  return { ...toAgreement(row), text: row.text }
}
