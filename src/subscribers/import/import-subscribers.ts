import type { Readable } from 'node:stream'
import type { Reject } from '../../imports/read-file.ts'
import { readInThread } from '../../imports/read-in-thread.ts'
import { withUpload } from '../../imports/upload.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Database } from '../../storage/database.ts'
import type { ErasedPeople } from '../../suppression/erased.ts'
import type { Service } from '../../tenants/service.ts'
import type { Membership } from '../subscriber.ts'
import type { SubscriberFile } from './read-subscribers.ts'
import type { ReadTask } from './read-thread.ts'
import type { SubscriberRow } from './subscriber-rows.ts'
import { writeRows } from './write-rows.ts'

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
 * Takes a file of subscribers in and carries it out, in commits of their own; takes nobody off any list. Resolves once all of it is
 * durable. Where it is cut off in the middle, the same file can be sent again. Throws the DomainErrors of `withUpload` and of
 * `readSubscribers`, and nothing was changed then.
 */
export type ImportSubscribers = (input: Readable, request: SubscriberImport) => Promise<ImportedSubscribers>

interface ImportParts {
  database: Database
  clock: Clock
  erased: Pick<ErasedPeople, 'find'>
}

/** Files lie in `directory` while they are being read, one after another, since each takes memory. */
export function createImportSubscribers(parts: ImportParts & { directory: string }): ImportSubscribers {
  let turn: Promise<unknown> = Promise.resolve()
  return (input, request) =>
    withUpload(input, parts.directory, async ({ file, sha256 }) => {
      const read = () => carryOut(parts, { file, encoding: request.encoding }, request)
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
  return readInThread<
    ReadTask,
    Omit<SubscriberFile, 'batches'>,
    SubscriberRow[],
    Omit<ImportedSubscribers, 'sha256'>
  >(import.meta.url, task, async ({ summary, pieces }) => {
    let left = 0
    for await (const batch of pieces) {
      const keys = batch.map(({ key }) => key)
      const hashes = await erased.find(keys, [service.siteId])
      const rows = batch.filter(({ key }) => !hashes.has(key))
      await writeRows(database, { service, membership, at: clock() }, rows)
      // Of two, an erasure that marks before it looks and this that looks after it wrote, one sees the other.
      const meanwhile = await erased.find(
        rows.map(({ key }) => key),
        [service.siteId],
      )
      await forget(database, service.siteId, [...meanwhile.keys()])
      left += batch.length - rows.length + rows.filter(({ key }) => meanwhile.has(key)).length
    }
    return { ...summary, imported: summary.rows - summary.rejects.length - left, erased: left }
  })
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
