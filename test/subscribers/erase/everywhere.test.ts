import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { sql } from 'kysely'
import type { Database } from '../../../src/storage/database.ts'
import { COLUMNS, type Treatment } from '../../../src/subscribers/erase/columns.ts'
import { PLACES } from '../../../src/subscribers/erase/places.ts'
import { forEachEngine } from '../../support/engines.ts'
import { everywhere, WHOM } from './everywhere.ts'

/** Their name in whatever spelling, base64 too, wherever it begins. */
const TRACE = new RegExp(
  ['xqtaro', ...['', ' ', '  '].map((before) => base64Of(`${before}xqTARO@xn--r8j`))].join('|'),
  'i',
)

/** Nobody can say anything there any more, or by any interface; kept for what earlier releases wrote. */
const OUT_OF_REACH = [
  'inbound_mail.client_address',
  'import.error',
  'import_reject.reason',
  'import_reject.found_json',
  'audit_entry.subject',
]

forEachEngine(({ name: engine, open }) => {
  it('an erased person stands in no column, file or byte, whoever names them before or after', async (t) => {
    const { installation, tenant, call, know, name } = await everywhere(t, engine)
    const { database } = installation.capabilities
    await know()
    await name()
    const before = await columnsWith(database)
    const missing: string[] = []
    for (const [column, treatment] of treatments()) {
      if (treatment === 'ours' || treatment === 'operators') {
        assert.ok(!before.has(column), `${column} is no place for an address`)
      } else if (treatment !== 'person') {
        if (!before.has(column)) missing.push(column)
      }
    }
    assert.deepEqual(missing, OUT_OF_REACH, 'every other column knew the person')
    const receipt = await call('POST', '/erasures', { address: WHOM, service: tenant.service.id })
    assert.doesNotMatch(JSON.stringify(receipt), TRACE)
    assert.deepEqual([...(await columnsWith(database)).values()], [])
    assert.equal(await tenant.wouldMail(WHOM), false)

    await name()
    assert.deepEqual([...(await columnsWith(database)).values()], [])
    assert.equal(await tenant.wouldMail(WHOM), false)
    await installation.close()
    for (const file of filesIn(installation.dataDir)) {
      assert.doesNotMatch(readFileSync(file, 'latin1'), TRACE, file)
    }
  })

  it('every column that anybody can name somebody in is looked through', async (t) => {
    const database = await open(t)
    const real = new Set(await columnsOf(database))
    for (const [column, treatment] of treatments()) {
      assert.ok(real.has(column), `${column} is a column`)
      const [table = '', name = ''] = column.split('.')
      const place = PLACES.find((one) => one.table === table)
      if (treatment === 'words' || treatment === 'removing') assert.ok(place?.texts.includes(name), column)
    }
    for (const place of PLACES) {
      for (const column of [...place.key, place.of]) assert.ok(real.has(`${place.table}.${column}`))
    }
  })
})

function treatments(): [column: string, Treatment][] {
  return Object.entries(COLUMNS).flatMap(([table, columns]) =>
    Object.entries(columns).map(([column, treatment]): [string, Treatment] => [
      `${table}.${column}`,
      treatment,
    ]),
  )
}

/** All that the database really has, whatever the code knows of it. */
async function columnsOf({ engine, read, query }: Database): Promise<string[]> {
  const select =
    engine === 'sqlite'
      ? sql<{
          column: string
        }>`select m.name || '.' || c.name as "column" from sqlite_master as m, pragma_table_info(m.name) as c
          where m.type = 'table'`
      : sql<{
          column: string
        }>`select table_name || '.' || column_name as "column" from information_schema.columns
          where table_schema = current_schema()`
  return (await read({ compile: () => select.compile(query) })).map(({ column }) => column)
}

/** The columns in which a trace of the person stands, each with the first of them. */
async function columnsWith(database: Database): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  const byTable = Map.groupBy(await columnsOf(database), (column) => column.split('.')[0] ?? '')
  for (const [table, columns] of byTable) {
    const select = sql<Record<string, unknown>>`select * from ${sql.table(table)}`
    for (const row of await database.read({ compile: () => select.compile(database.query) })) {
      for (const column of columns) {
        const cell = row[column.slice(table.length + 1)]
        const text = cell instanceof Uint8Array ? Buffer.from(cell).toString('latin1') : String(cell)
        if (TRACE.test(text) && !found.has(column)) found.set(column, `${column}: ${text.slice(0, 2_000)}`)
      }
    }
  }
  return found
}

function filesIn(directory: string): string[] {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

/** What stands for the text in base64, without the ends that depend on what is around it. */
function base64Of(text: string): string {
  return Buffer.from(text).toString('base64').slice(4, -4)
}
