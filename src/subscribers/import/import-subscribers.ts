import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { Worker } from 'node:worker_threads'
import type { Reject } from '../../imports/read-file.ts'
import { withUpload } from '../../imports/upload.ts'
import type { Clock } from '../../kernel/clock.ts'
import { DomainError } from '../../kernel/domain-error.ts'
import type { Database } from '../../storage/database.ts'
import type { ErasedPeople } from '../../suppression/erased.ts'
import type { Service } from '../../tenants/service.ts'
import type { Membership } from '../subscriber.ts'
import type { Answer, ReadTask } from './read-thread.ts'
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
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const thread = new Worker(new URL(`./read-thread.${extension}`, import.meta.url), { workerData: task })
  const ask = async (): Promise<Answer> => {
    thread.postMessage('next')
    const [answer] = (await once(thread, 'message')) as [Answer]
    return answer
  }
  try {
    const first = await ask()
    if (first !== 'end' && 'refused' in first) {
      const { code, message, field } = first.refused
      throw new DomainError(code, message, field === undefined ? {} : { field })
    }
    const { summary } = first as { summary: Omit<ImportedSubscribers, 'sha256' | 'imported' | 'erased'> }
    let left = 0
    for (let answer = await ask(); answer !== 'end'; answer = await ask()) {
      if (!('rows' in answer)) continue
      const keys = answer.rows.map(({ key }) => key)
      const hashes = await erased.find(keys, [service.siteId])
      const rows = answer.rows.filter(({ key }) => !hashes.has(key))
      left += answer.rows.length - rows.length
      await writeRows(database, { service, membership, at: clock() }, rows)
    }
    return { ...summary, imported: summary.rows - summary.rejects.length - left, erased: left }
  } finally {
    await thread.terminate()
  }
}
