import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { run } from './kaijo.ts'

describe('kaijo tour', () => {
  it('plays the main job, checks each step and leaves nothing behind', async () => {
    const { code, stdout, stderr } = await run(['tour', '--json'], { KAIJO_DATA_DIR: '/nowhere' })
    assert.equal(code, 0, stderr)
    const { steps, checks } = JSON.parse(stdout)
    assert.equal(steps.length, 11)
    for (const { title, checks } of steps) assert.ok(checks.length > 0, title)
    assert.ok(checks >= 15)
    assert.match(stderr, /^ 6\. taro@example\.jp presses "unsubscribe"/m)
    const dataDir = /\/\S*kaijo-tour-\S+/.exec(stderr)?.[0] ?? ''
    assert.ok(dataDir !== '' && !existsSync(dataDir))
  })

  it('tells which step went wrong and what the server said, with exit code 1', async () => {
    const ending = `data:text/javascript,if (process.argv.includes('serve')) { console.error('no'); process.exit(7) }`
    const env = { NODE_OPTIONS: `--import "${ending}"` }
    const { code, stdout, stderr } = await run(['tour', '--keep'], env)
    assert.equal(code, 1)
    assert.match(stdout, /^ 1\. Start a server/)
    assert.match(stderr, /^error: step 1 \(Start a server\): the server ended at once with exit code 7/m)
    assert.match(stderr, /^The server's last words:\nno$/m)
    const dataDir = /The data directory is (.+)\./.exec(stderr)?.[1] ?? ''
    assert.ok(existsSync(dataDir))
    await rm(dataDir, { recursive: true })
  })
})
