import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { tempDir } from '../../support/temp-dir.ts'

const SAVE_ANSWER = join(import.meta.dirname, '../../../src/entry/cli/save-answer.ts')

/** An answer whose end does not come. */
const SAVE_FOR_EVER = `
import { Readable } from 'node:stream'
import { saveAnswer } from ${JSON.stringify(SAVE_ANSWER)}
const answer = new Readable({ read() {} })
answer.push('a line\\n')
setInterval(() => {}, 1_000)
await saveAnswer(answer, process.env.FILE)
`

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  it(`a command that ends by ${signal} takes away what it has written of a file`, async (t) => {
    const dir = tempDir(t)
    const file = join(dir, 'list.csv')
    const child = spawn(process.execPath, ['--input-type=module', '--eval', SAVE_FOR_EVER], {
      env: { ...process.env, FILE: file },
      stdio: 'ignore',
    })
    const exited = once(child, 'exit')
    while (!existsSync(`${file}.partial`) && child.exitCode === null) await sleep(10)
    child.kill(signal)
    assert.deepEqual(await exited, [null, signal])
    assert.deepEqual(readdirSync(dir), [])
  })
}
