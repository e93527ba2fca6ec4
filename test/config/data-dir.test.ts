import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { dataDirMistakes } from '../../src/config/data-dir.ts'
import { tempDir } from '../support/temp-dir.ts'

describe('the data directory', () => {
  it('may be there, or be made with all that is above it, and is not made by looking', (t) => {
    const dir = tempDir(t)
    for (const path of [dir, join(dir, 'data'), join(dir, 'deep/down/data')]) {
      assert.deepEqual(dataDirMistakes(path), [])
    }
    assert.deepEqual(readdirSync(dir), [])
  })

  it('is refused, with the reason, where it cannot be made', (t) => {
    const dir = tempDir(t)
    writeFileSync(join(dir, 'file'), '')
    symlinkSync(join(dir, 'gone'), join(dir, 'dangling'))
    const cases: [path: string, code: string][] = [
      [join(dir, 'file'), 'ENOTDIR'],
      [join(dir, 'file/data'), 'ENOTDIR'],
      [join(dir, 'dangling'), 'ENOENT'],
      [join(dir, 'n'.repeat(300)), 'ENAMETOOLONG'],
      ['/dev/null/x', 'ENOTDIR'],
    ]
    for (const [path, code] of cases) {
      const message = `is not a directory that can be made or used (${code})`
      assert.deepEqual(dataDirMistakes(path), [{ variable: 'KAIJO_DATA_DIR', message }])
    }
  })

  it('is refused where this user may not write', { skip: process.getuid?.() === 0 }, (t) => {
    const dir = join(tempDir(t), 'data')
    mkdirSync(dir, { mode: 0o500 })
    for (const path of [dir, join(dir, 'below')]) {
      assert.match(dataDirMistakes(path)[0]?.message ?? '', /\(EACCES\)$/)
    }
  })
})
