import type { VerbOf } from '../../../audit/actions.ts'
import type { FileRequest } from '../../../dialects/native/parts/export-parts.ts'
import type { ExportPasswords } from '../../../exports/export-passwords.ts'
import { type ExportFile, lockOf, toFile } from '../../../exports/file.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { Service } from '../../../tenants/service.ts'
import type { RecordChange } from './change-record.ts'

/** Packs lines into the wanted kind of file, once it is recorded that they were asked for. */
export type MakeFile = (
  service: Service,
  file: FileRequest & { title: VerbOf<'export'>; filter: object },
  lines: AsyncIterable<string>,
) => Promise<ExportFile>

interface MakeFileParts {
  clock: Clock
  exportPasswords: Pick<ExportPasswords, 'find'>
  record: RecordChange
}

export function createMakeFile({ clock, exportPasswords, record }: MakeFileParts): MakeFile {
  return async (service, { title, filter, actor, isOnlyAsked, ...form }, lines) => {
    const { format, compress } = form
    const password = compress === 'zip' ? await exportPasswords.find(service.id) : undefined
    const lock = lockOf(form, password, service.settings.exportEncryption)
    const detail = { ...onRecord(filter), format, compress, ...(lock && { encryption: lock.encryption }) }
    if (!isOnlyAsked) await record(actor, service, `export.${title}`, service.name, detail)
    const at = { time: clock(), timeZone: service.timeZone }
    return toFile(lines, { title, at, format, compress, lock })
  }
}

/**
 * What was asked for, for the record; of recipients only that some were named, since the record outlives their erasure.
 */
function onRecord(given: object): Record<string, unknown> {
  const { from, to, contains, recipient, ...filter } = given as Record<string, unknown>
  return {
    ...filter,
    ...(from !== undefined && { from: readable(from) }),
    ...(to !== undefined && { to: readable(to) }),
    ...(contains !== undefined && { contains: '…' }),
    ...(recipient !== undefined && { recipient: '…' }),
  }
}

function readable(bound: unknown): unknown {
  return typeof bound === 'number' ? new Date(bound).toISOString() : bound
}
