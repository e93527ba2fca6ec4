import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { place, run } from './kaijo.ts'

describe('the environment of commands', () => {
  it('is told off for every mistake at once, one line each by name, with exit code 2', async () => {
    const env = {
      KAIJO_DATA_DIR: '/dev/null/x',
      KAIJO_HTTP_LISTEN: 'everywhere',
      KAIJO_RELAY_URL: 'http://secret@x',
      KAIJO_SECRET_KEYS: 'secret,secret',
      KAIJO_PUBLIC_ULR: 'x',
    }
    for (const command of [['serve'], ['doctor'], ['migrate']]) {
      const { code, stdout, stderr } = await run(command, env)
      const names = stderr
        .trimEnd()
        .split('\n')
        .map((line) => line.split(': ')[0])
      assert.deepEqual(names, [
        'KAIJO_DATA_DIR',
        'KAIJO_HTTP_LISTEN',
        'KAIJO_RELAY_URL',
        'KAIJO_RELAY_URL',
        'KAIJO_SECRET_KEYS',
        'KAIJO_SECRET_KEYS',
        'KAIJO_PUBLIC_ULR',
      ])
      assert.match(stderr, /did you mean KAIJO_PUBLIC_URL\?/)
      assert.doesNotMatch(stderr, /secret/)
      assert.deepEqual({ code, stdout }, { code: 2, stdout: '' })
    }
  })

  it('without the keys of the installation nothing starts', async (t) => {
    const { kaijo } = await place(t)
    assert.equal((await kaijo(['migrate'])).code, 0)
    const { stdout } = await kaijo(['keys', 'list', '--json'])
    const [{ id }] = JSON.parse(stdout).items
    const env = { KAIJO_SECRET_KEYS: randomBytes(32).toString('base64') }
    for (const command of [['serve'], ['keys', 'list']]) {
      const { code, stdout, stderr } = await kaijo(command, { env })
      assert.match(stderr, new RegExp(`^error: secret keys missing: ${id}\\. Give this process every key`))
      assert.deepEqual({ code, stdout }, { code: 1, stdout: '' })
    }
  })

  it('without its key file nothing starts, nor makes another one in its place', async (t) => {
    const { dataDir, kaijo } = await place(t)
    const file = join(dataDir, 'secret-keys.json')
    assert.equal((await kaijo(['keys', 'list'])).code, 0)
    await rename(file, `${file}.kept`)
    for (const command of [['serve'], ['keys', 'list']]) {
      const { code, stderr } = await kaijo(command)
      assert.match(stderr, /^error: secret keys missing: /)
      assert.equal(code, 1)
      assert.equal(existsSync(file), false)
    }
    await rename(`${file}.kept`, file)
    assert.equal((await kaijo(['keys', 'list'])).code, 0)
  })

  it('a second server in the same data directory refuses', async (t) => {
    const { dataDir, kaijo, serve } = await place(t)
    await serve()
    const { code, stdout, stderr } = await kaijo(['serve'])
    assert.equal(stderr, `error: another Kaijo works in ${dataDir}\n`)
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' })
  })

  it('a stack is shown when the log level is debug, and not before', async (t) => {
    const { kaijo } = await place(t)
    const quiet = await kaijo(['restore', '/nowhere'])
    assert.match(quiet.stderr, /^error: \/nowhere is not a backup: [^\n]+\n$/)
    const loud = await kaijo(['restore', '/nowhere'], { env: { KAIJO_LOG_LEVEL: 'debug' } })
    assert.match(loud.stderr, /^error: \/nowhere is not a backup[\s\S]+^ {4}at /m)
  })
})
