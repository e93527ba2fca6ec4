import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type Compilable, sql } from 'kysely'
import { BACKUP_TABLES } from '../../src/storage/backup-tables.ts'
import type { Database } from '../../src/storage/database.ts'
import { forEachEngine } from '../support/engines.ts'

const LEFT_OUT = ['lease', 'schema_migration', 'person_session', 'person_verification']

forEachEngine((engine) => {
  it('knows every table of the schema by its primary key, and which columns hold bytes', async (t) => {
    const database = await engine.open(t)
    const known = BACKUP_TABLES.map(({ name, key, bytes }) => ({ name, key: [...key], bytes: [...bytes] }))
    const tables = engine.name === 'sqlite' ? await sqliteTables(database) : await postgresTables(database)
    assert.deepEqual(
      known.toSorted(byName),
      tables.filter(({ name }) => !LEFT_OUT.includes(name)),
    )
  })
})

async function sqliteTables(database: Database) {
  const rows = await all<{ name: string; column: string; type: string; pk: number }>(
    database,
    `select t.name, c.name as "column", c.type, c.pk from pragma_table_list t, pragma_table_info(t.name) c
      where t.schema = 'main' and t.type = 'table' and t.name not like 'sqlite_%' order by t.name, c.pk`,
  )
  return group(rows, (row) => row.pk > 0, 'BLOB')
}

async function postgresTables(database: Database) {
  const rows = await all<{ name: string; column: string; type: string; position: number | null }>(
    database,
    `select c.table_name as name, c.column_name as column, c.data_type as type, k.ordinal_position as position
      from information_schema.columns c
      left join information_schema.table_constraints p
        on p.table_name = c.table_name and p.table_schema = c.table_schema and p.constraint_type = 'PRIMARY KEY'
      left join information_schema.key_column_usage k
        on k.constraint_name = p.constraint_name and k.column_name = c.column_name and k.table_schema = c.table_schema
      where c.table_schema = 'public' order by c.table_name collate "C", k.ordinal_position`,
  )
  return group(rows, (row) => row.position !== null, 'BYTEA')
}

function group<R extends { name: string; column: string; type: string }>(
  rows: R[],
  isKey: (row: R) => boolean,
  bytes: string,
) {
  const names = [...new Set(rows.map(({ name }) => name))]
  return names.map((name) => {
    const columns = rows.filter((row) => row.name === name)
    return {
      name,
      key: columns.filter(isKey).map(({ column }) => column),
      bytes: columns.filter(({ type }) => type.toUpperCase() === bytes).map(({ column }) => column),
    }
  })
}

function all<R>(database: Database, text: string): Promise<R[]> {
  const statement: Compilable<R> = { compile: () => sql.raw<R>(text).compile(database.query) }
  return database.read(statement)
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1
}
