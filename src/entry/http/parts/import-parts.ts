import { setTimeout as sleep } from 'node:timers/promises'
import type { ImportParts, RejectsForm } from '../../../dialects/native/parts/import-parts.ts'
import { csvHead } from '../../../exports/csv.ts'
import { csvLine } from '../../../exports/records.ts'
import { cancelImport, undoImport } from '../../../imports/change-import.ts'
import { findImport, findImportRow, findImports, type ImportView } from '../../../imports/import-view.ts'
import { readRejects } from '../../../imports/read-rejects.ts'
import { describeReject } from '../../../imports/reading/reject-reasons.ts'
import type { ReceiveImport } from '../../../imports/storing/receive.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { decodeCursor } from '../../../storage/cursor.ts'
import type { Database } from '../../../storage/database.ts'
import type { IdSource } from '../../../storage/id-block.ts'
import { listRef } from '../../../tenants/list.ts'
import { registerSender } from '../../../tenants/sender.ts'
import type { Service } from '../../../tenants/service.ts'
import { REASON_OF_CALLER } from './change-origin.ts'
import type { RecordChange } from './change-record.ts'
import { importTargets } from './import-target.ts'
import { cut } from './native-pages.ts'

interface Capabilities {
  database: Database
  clock: Clock
  ids: Record<'list', IdSource>
  receiveImport: ReceiveImport
  /** Told that there is something to do. */
  importJob: { wake(): void }
  record: RecordChange
}

/** What the native interface does with files. */
export function createImportParts(capabilities: Capabilities): ImportParts {
  const { database, clock, ids, receiveImport, importJob, record } = capabilities
  const { findList, findTarget } = importTargets(database)
  const view = (service: Service, id: number) => findImport(database, service.id, id, clock())

  return {
    receive: async (service, file, request, actor) => {
      const { list, action, dryRun, format, encoding, name } = request
      const target = await findTarget(service, request)
      const register = async (address: string) => {
        const sender = await registerSender(database, ids.list, service, {
          address,
          oneClick: false,
          now: clock(),
        })
        await record(actor, service, 'sender.register', sender.address, { oneClick: sender.oneClick })
        return { id: sender.listId, name: `sender:${sender.address}` }
      }
      const { id, rows, sha256 } = await receiveImport(file, {
        serviceId: service.id,
        siteId: service.siteId,
        listName: target.found ? listRef(target.found) : list,
        listOf: async (part) => {
          const { found, address } = part === undefined ? target : await findList(service, part, 'add')
          if (found) return { id: found.id, name: listRef(found) }
          return dryRun ? { id: 0, name: part ?? list } : register(address ?? '')
        },
        action,
        reason: REASON_OF_CALLER[target.found?.kind ?? 'sender'],
        dryRun,
        format,
        encoding,
        routing: action === 'add' && format === 'csv' ? target.routing : undefined,
        fileName: name,
        createdBy: actor,
      })
      // As it is kept: it may have named somebody who was erased.
      const { file_name } = await findImportRow(database, service.id, id)
      const kept = file_name === null ? {} : { name: file_name }
      await record(actor, service, 'import.create', list, { id, action, dryRun, ...kept, sha256, rows })
      return { id }
    },
    find: async (service, { cursor, limit }) => {
      const [before] = cursor === undefined ? [undefined] : decodeCursor(cursor, ['integer'])
      const found = await findImports(database, service.id, { before, limit: limit + 1, now: clock() })
      return cut(found, limit, ({ id }) => [id])
    },
    findOne: view,
    progress: async (service, id) => {
      await findImportRow(database, service.id, id)
      return untilEnded(() => view(service, id))
    },
    rejects: async (service, id, form) => {
      await findImportRow(database, service.id, id)
      return rejectLines(database, id, form)
    },
    cancel: async (service, id, actor) => {
      await cancelImport(database, service.id, id, clock())
      await record(actor, service, 'import.cancel', String(id), {})
      return view(service, id)
    },
    undo: async (service, id, actor) => {
      await undoImport(database, service.id, id, clock())
      await record(actor, service, 'import.undo', String(id), {})
      importJob.wake()
      return view(service, id)
    },
  }
}

const POLL_MS = 400
const ENDED = new Set<ImportView['state']>(['done', 'cancelled', 'failed', 'undone'])

/** Whoever stops listening ends the asking. */
async function* untilEnded(look: () => Promise<ImportView>): AsyncGenerator<ImportView> {
  for (;;) {
    const view = await look()
    yield view
    if (ENDED.has(view.state)) return
    await sleep(POLL_MS)
  }
}

const REJECT_COLUMNS = {
  en: ['row', 'text', 'reason', 'code'],
  ja: ['行', '内容', '理由', 'コード'],
} as const

async function* rejectLines(
  database: Database,
  id: number,
  { language, ...form }: RejectsForm,
): AsyncGenerator<string> {
  yield csvHead(REJECT_COLUMNS[language], form)
  for await (const page of readRejects(database, id)) {
    yield page
      .map(({ number, text, reason }) =>
        csvLine([String(number), text, describeReject(reason, language), reason[0]], form),
      )
      .join('')
  }
}
