import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { readLines, readText } from '../../../src/entry/cli/input.ts'
import { tempDir } from '../../support/temp-dir.ts'

describe('files that are given to commands', () => {
  it('are read line by line, whatever the line ends, without blanks, blank lines and a byte order mark', async (t) => {
    const file = write(t, '\ufeffone\r\n\n  two \nthree')
    assert.deepEqual(await all(file), [
      { number: 1, text: 'one' },
      { number: 3, text: 'two' },
      { number: 4, text: 'three' },
    ])
  })

  it('may hold characters and lines that lie across the chunks in which they are read', async (t) => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `${'あ'.repeat(index % 7)}${index}`)
    const read = await all(write(t, lines.join('\n')))
    assert.deepEqual(
      read.map(({ text }) => text),
      lines,
    )
  })

  it('are refused when a line has no end, since it would fill the memory', async (t) => {
    const file = write(t, `one\n${'x'.repeat(200_000)}`)
    await assert.rejects(all(file), { exitCode: 2, message: `${file}: line 2 has no end` })
  })

  it('are refused when they are missing, no files, or not UTF-8', async (t) => {
    const dir = tempDir(t)
    const missing = join(dir, 'missing')
    await assert.rejects(readText(missing), { exitCode: 2, message: `${missing}: there is no such file` })
    await assert.rejects(readText(dir), { exitCode: 2, message: `${dir} is not a file` })
    const sjis = write(t, Buffer.from([0x93, 0xfa, 0x96, 0x7b]))
    await assert.rejects(readText(sjis), { exitCode: 2, message: `${sjis} is not UTF-8` })
    await assert.rejects(all(sjis), { exitCode: 2, message: `${sjis} is not UTF-8` })
  })
})

function write(t: Parameters<typeof tempDir>[0], content: string | Buffer): string {
  const file = join(tempDir(t), 'file')
  writeFileSync(file, content)
  return file
}

async function all(file: string) {
  const found = []
  for await (const lines of readLines(file)) found.push(...lines)
  return found
}
