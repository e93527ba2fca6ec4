import type { Migration } from '../migration.ts'

/**
 * One file for several lists: its chunks lie list by list, and each list is a part of the import. A file that several
 * services import at once names no list by which they could be told apart.
 */
export const importParts: Migration = {
  id: 11,
  name: 'import-parts',
  statements: ({ text, integer }) => [
    `alter table import add column format ${text}`,
    `create table import_part (
      import_id ${integer} not null, first_chunk ${integer} not null, chunks ${integer} not null,
      list_id ${integer} not null, list_name ${text} not null, recipients ${integer} not null,
      changed ${integer} not null, undone ${integer} not null, primary key (import_id, first_chunk))`,
    `drop index import_of_one_file`,
    `create unique index import_of_one_file on import (service_id, list_id, sha256)
      where dry_run = 0 and state in ('receiving', 'queued', 'running', 'undoing')`,
  ],
}
