import { createReadStream, createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/*
 * What `.import` and `-csv` of the sqlite3 program do, where that is not installed:
 *   sqlite-files.ts load DATABASE SQL FILE    runs the SQL, then inserts the lines of the file into stop
 *   sqlite-files.ts dump DATABASE SELECT FILE
 */
const [task, database = '', sql = '', file = ''] = process.argv.slice(2)
const ROWS_PER_WRITE = 1_000
const connection = new DatabaseSync(database, { readOnly: task === 'dump' })
if (task === 'load') await load()
else await pipeline(Readable.from(lines()), createWriteStream(file))
connection.close()

async function load(): Promise<void> {
  connection.exec(`${sql}; begin`)
  const columns = connection.prepare('select * from stop').columns().length
  const insert = connection.prepare(`insert into stop values (${Array(columns).fill('?').join(', ')})`)
  for await (const line of createInterface(createReadStream(file))) insert.run(...line.split(','))
  connection.exec('commit')
}

function* lines(): Generator<string> {
  const rows = connection.prepare(sql)
  let begun: string[] = []
  for (const row of rows.iterate()) {
    begun.push(Object.values(row).map(cell).join(','))
    if (begun.length < ROWS_PER_WRITE) continue
    yield `${begun.join('\r\n')}\r\n`
    begun = []
  }
  yield begun.map((line) => `${line}\r\n`).join('')
}

function cell(value: unknown): string {
  const text = String(value ?? '')
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
