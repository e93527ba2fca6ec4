import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parseDatabaseUrl } from '../../src/config/database-url.ts'
import { tempDir } from '../support/temp-dir.ts'

describe('the database URL', () => {
  it('is taken as it stands', (t) => {
    const file = join(tempDir(t), 'ca.pem')
    writeFileSync(file, '')
    for (const text of [
      'postgres://kaijo:s%40cret@db.internal:5432/kaijo?sslmode=require',
      'postgresql:///kaijo?host=/run/postgresql',
      'postgres://u:100%@h/db',
      `postgres://h/db?sslrootcert=${file}`,
    ]) {
      assert.equal(parseDatabaseUrl(text), text)
    }
  })

  const refused: Array<[text: string, reasons: RegExp[]]> = [
    ['db/kaijo', [/^is not a URL/]],
    ['postgres://h:99999/db', [/^is not a URL/]],
    ['postgres://k:a#b@db/kaijo', [/^is not a URL.*%40/]],
    ['postgres://k:%ff@db/kaijo', [/^is not a URL.*%40/]],
    ['mysql://h:0/db#x', [/postgres:\/\//, /^is not a URL/, /no port/]],
    ['postgres://h/db?sslcert=/no/c&sslrootcert=/no/r', [/sslcert that is not a file/, /sslrootcert that/]],
  ]
  for (const [text, reasons] of refused) {
    it(`refuses ${text} for all that is wrong with it`, () =>
      assert.throws(
        () => parseDatabaseUrl(text),
        (error: { reasons: string[] }) => {
          assert.equal(error.reasons.length, reasons.length)
          for (const [index, reason] of reasons.entries()) assert.match(error.reasons[index] ?? '', reason)
          return true
        },
      ))
  }
})
