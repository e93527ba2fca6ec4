import type { Readable } from 'node:stream'
import type { ImportView } from '../../../imports/import-view.ts'
import type { FileFormat } from '../../../imports/reading/unreadable.ts'
import type { Language } from '../../../kernel/texts.ts'
import type { Service } from '../../../tenants/service.ts'
import type { Page, PageRequest } from '../pages.ts'

export interface NewImport {
  list: string
  action: 'add' | 'remove'
  /** For `list` auto: whose mail was unsubscribed from where a row does not say. */
  sender?: string | undefined
  filter?: string | undefined
  dryRun: boolean
  format: FileFormat
  encoding?: string | undefined
  /** Of the file. */
  name?: string | undefined
}

/** How the skipped rows are written as CSV. */
export interface RejectsForm {
  language: Language
  /** Begins with a byte order mark. */
  bom: boolean
  formulas: 'kept' | 'neutral'
}

/** Files in. */
export interface ImportParts {
  /** Resolves once the file is known to be good and stored; applying it follows. */
  receive(service: Service, file: Readable, request: NewImport, actor: string): Promise<{ id: number }>
  find(service: Service, page: PageRequest): Promise<Page<ImportView>>
  findOne(service: Service, id: number): Promise<ImportView>
  /**
   * The progress, again and again, until the import has ended; rejects before the first when there is no such import.
   */
  progress(service: Service, id: number): Promise<AsyncIterable<ImportView>>
  /** Lines of a CSV file; rejects before the first one when there is no such import. */
  rejects(service: Service, id: number, form: RejectsForm): Promise<AsyncIterable<string>>
  cancel(service: Service, id: number, actor: string): Promise<ImportView>
  undo(service: Service, id: number, actor: string): Promise<ImportView>
}
