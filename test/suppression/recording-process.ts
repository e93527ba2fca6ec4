/**
 * Records one stop after another, 50 at a time, and writes the number of each that was acknowledged to stdout, one a
 * line, until it is killed. Arguments: the database's target as JSON, the list's id.
 */
import { writeSync } from 'node:fs'
import { openDatabase } from '../../src/storage/open-database.ts'
import { createRecorder } from '../../src/suppression/changing/recorder.ts'
import { stop } from './changes.ts'

const [target = '', listId = ''] = process.argv.slice(2)
const recorder = createRecorder(await openDatabase(JSON.parse(target)), Date.now)

let last = 0
async function recordOn(): Promise<void> {
  for (;;) {
    const number = ++last
    await recorder.record(stop(Number(listId), `person.${number}@example.com`, { requestedAt: Date.now() }))
    writeSync(1, `${number}\n`)
  }
}

await Promise.all(Array.from({ length: 50 }, recordOn))
