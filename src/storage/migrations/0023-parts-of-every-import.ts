import type { Migration } from '../migration.ts'

const BEFORE = `(select coalesce(sum(e.recipients), 0) from import_part as e
  where e.import_id = import_part.import_id and e.first_chunk < import_part.first_chunk)`

/**
 * How far an import has come is kept by part instead of on the import, so that several can be carried out at once; the
 * file for one list is one part. Parts were carried out in their order: what each has had follows from what all of them
 * have had. Chunks are no longer compressed, which took longer than to store them.
 */
export const partsOfEveryImport: Migration = {
  id: 23,
  name: 'parts-of-every-import',
  statements: ({ text, integer, uncompressed }) => [
    `alter table import_part add column next_chunk ${integer} not null default 0`,
    `alter table import_part add column is_open ${integer} not null default 0`,
    `alter table import_part add column claim ${text}`,
    `alter table import_part add column applied ${integer} not null default 0`,
    `update import_part set
      next_chunk = (select case when i.next_chunk <= first_chunk then first_chunk
        when i.next_chunk >= first_chunk + import_part.chunks then first_chunk + import_part.chunks
        else i.next_chunk end from import as i where i.id = import_id),
      is_open = (select case when i.state in ('receiving', 'queued', 'running', 'undoing') then 1 else 0 end
        from import as i where i.id = import_id),
      applied = (select case when i.applied <= ${BEFORE} then 0
        when i.applied >= ${BEFORE} + import_part.recipients then import_part.recipients
        else i.applied - ${BEFORE} end from import as i where i.id = import_id)`,
    `insert into import_part (import_id, first_chunk, chunks, list_id, list_name, recipients, next_chunk, is_open, applied,
      changed, undone)
      select id, 0, chunks, list_id, list_name, recipients, next_chunk,
        case when state in ('receiving', 'queued', 'running', 'undoing') then 1 else 0 end, applied, changed, undone
      from import where chunks > 0 and id not in (select import_id from import_part)`,
    ...uncompressed('import_chunk', 'rows_json'),
    ...['next_chunk', 'applied', 'changed', 'undone'].map(
      (column) => `alter table import drop column ${column}`,
    ),
  ],
}
