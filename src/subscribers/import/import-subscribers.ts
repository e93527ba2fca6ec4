import type { Readable } from 'node:stream'
import type { Reject } from '../../imports/reading/read-file.ts'
import { readInThread } from '../../imports/reading/read-in-thread.ts'
import { withUpload } from '../../imports/storing/upload.ts'
import type { Clock } from '../../kernel/clock.ts'
import { moduleUrl } from '../../kernel/module-url.ts'
import type { Database } from '../../storage/database.ts'
import type { ErasedPeople } from '../../suppression/erased/erased.ts'
import { type ErasedOfSite, recogniseErased } from '../../suppression/erased/recognise-erased.ts'
import type { Service } from '../../tenants/service.ts'
import type { Membership } from '../subscriber.ts'
import type { SubscriberFile } from './read-subscribers.ts'
import type { ReadTask } from './read-thread.ts'
import { type Batch, withoutErased } from './without-erased.ts'
import { writeRows } from './write-rows.ts'

const READ_THREAD = moduleUrl('./read-thread', import.meta.url)

interface SubscriberImport {
  service: Pick<Service, 'id' | 'siteId'>
  membership: Membership
  encoding?: string | undefined
}

export interface ImportedSubscribers {
  sha256: string
  encoding: string
  /** Data rows: imported and rejected. */
  rows: number
  imported: number
  /** Rows of people who were erased: they are not written back. */
  erased: number
  rejects: Reject[]
}

/**
 * Takes a file of subscribers in and applies it, in several commits; takes nobody off any list. Resolves once all of it
 * is durable. When it is cut off in the middle, the same file can be sent again. Throws the DomainErrors of
 * `withUpload` and of `readSubscribers`, and nothing was changed then.
 */
export type ImportSubscribers = (input: Readable, request: SubscriberImport) => Promise<ImportedSubscribers>

interface ImportParts {
  database: Database
  clock: Clock
  erased: Pick<ErasedPeople, 'ofSite' | 'since'>
}

/** Files lie in `directory` while they are being read, one after another, since each takes memory. */
export function createImportSubscribers(parts: ImportParts & { directory: string }): ImportSubscribers {
  let turn: Promise<unknown> = Promise.resolve()
  return (input, request) =>
    withUpload(input, parts.directory, async ({ file, sha256 }) => {
      const read = async () => {
        const erased = await parts.erased.ofSite(request.service.siteId)
        return carryOut(parts, { file, encoding: request.encoding, erased }, request)
      }
      const result = turn.then(read)
      turn = result.catch(() => {})
      return { sha256, ...(await result) }
    })
}

async function carryOut(
  { database, clock, erased }: ImportParts,
  task: ReadTask,
  { service, membership }: SubscriberImport,
): Promise<Omit<ImportedSubscribers, 'sha256'>> {
  return readInThread<ReadTask, Omit<SubscriberFile, 'batches'>, Batch, Omit<ImportedSubscribers, 'sha256'>>(
    READ_THREAD,
    task,
    async ({ summary, pieces }) => {
      let left = 0
      let meanwhile: ErasedOfSite | undefined
      for await (const batch of pieces) {
        const known = withoutErased(batch.rows, recogniseErased(meanwhile))
        await writeRows(database, { service, membership, at: clock() }, known.rows)
        // An erasure marks before it looks, and this looks after it has written, so one of the two always sees the
        // other.
        const since = await erased.since(service.siteId, task.erased)
        const isNews = since?.hashes.length !== meanwhile?.hashes.length
        meanwhile = since
        const late = withoutErased(isNews ? known.rows : [], recogniseErased(since))
        await forget(database, service.siteId, late.erased)
        const renamed = late.rows.filter((row) => !known.rows.includes(row))
        if (renamed.length > 0) await writeRows(database, { service, membership, at: clock() }, renamed)
        left += batch.erased.length + known.erased.length + late.erased.length
      }
      return { ...summary, imported: summary.rows - summary.rejects.length - left, erased: left }
    },
  )
}

async function forget(database: Database, siteId: number, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return
  await database.transact(
    (['subscriber', 'subscriber_membership', 'subscriber_user_id'] as const).map((table) =>
      database.query
        .deleteFrom(table as 'subscriber')
        .where('site_id', '=', siteId)
        .where('address_key', 'in', keys),
    ),
  )
}
