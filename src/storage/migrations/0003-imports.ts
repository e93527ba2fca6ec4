import type { Migration } from '../migration.ts'

/** Files that are applied to a list: the file's history, its rows in chunks, and what of it was no address. */
export const imports: Migration = {
  id: 3,
  name: 'imports',
  statements: ({ text, integer, clustered }) => [
    `create table import (
      id ${integer} primary key, service_id ${integer} not null, list_id ${integer} not null, list_name ${text} not null,
      action ${text} not null, reason ${text} not null, dry_run ${integer} not null, state ${text} not null,
      file_name ${text}, sha256 ${text} not null, bytes ${integer} not null, encoding ${text} not null,
      rows_read ${integer} not null, skipped ${integer} not null, repeated ${integer} not null,
      recipients ${integer} not null, chunks ${integer} not null, next_chunk ${integer} not null, claim ${text},
      applied ${integer} not null, changed ${integer} not null, undone ${integer} not null, sample_json ${text} not null,
      created_by ${text} not null, created_at ${integer} not null, started_at ${integer}, finished_at ${integer},
      undone_at ${integer}, error ${text}, kept ${integer} not null)`,
    `create index import_by_service on import (service_id, id)`,
    `create index import_under_way on import (id) where state in ('receiving', 'queued', 'running', 'undoing')`,
    `create index import_kept on import (finished_at) where kept = 1`,
    `create unique index import_of_one_file on import (list_id, sha256)
      where dry_run = 0 and state in ('receiving', 'queued', 'running', 'undoing')`,
    `create table import_chunk (
      import_id ${integer} not null, number ${integer} not null, recipients ${integer} not null,
      rows_json ${text} not null, primary key (import_id, number))`,
    `create table import_reject (
      import_id ${integer} not null, row_number ${integer} not null, text ${text} not null, reason ${text} not null,
      primary key (import_id, row_number)) ${clustered}`,
    `alter table event add column import_id ${integer}`,
  ],
}
