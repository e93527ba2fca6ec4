import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startProgress } from '../../../src/entry/cli/progress.ts'

describe('the progress of a command', () => {
  const watch = (isTTY: boolean) => {
    const written: string[] = []
    const stream = { isTTY, columns: 10, write: (text: string) => written.push(text) }
    return { progress: startProgress(stream as unknown as NodeJS.WriteStream), written }
  }

  it('is one line of a terminal, cut to its width, not rewritten all the time, and cleared in the end', () => {
    const { progress, written } = watch(true)
    progress.show('1,000,000 rows')
    progress.show('1,000,001 rows')
    progress.end()
    assert.deepEqual(written, ['\r\x1b[K1,000,000', '\r\x1b[K'])
  })

  it('is not shown where nobody watches', () => {
    const { progress, written } = watch(false)
    progress.show('1 row')
    progress.end()
    assert.deepEqual(written, [])
  })
})
