import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { tempDir } from '../../support/temp-dir.ts'
import { done, lifeOfBlock, type Place, PROVISION, place } from './kaijo.ts'

describe('what goes wrong, with --json', () => {
  const life = lifeOfBlock()
  const files = tempDir(life)
  let kaijo: Place['kaijo']

  before(async () => {
    const here = await place(life)
    kaijo = here.kaijo
    await here.serve()
    done(await kaijo(['provision', '-'], { input: PROVISION }))
  })

  /** The problem of a command that fails; nothing else is said. */
  async function problemOf(args: readonly string[], options?: Parameters<Place['kaijo']>[1]) {
    const { code, stdout, stderr } = await kaijo([...args, '--json'], options)
    const problem = JSON.parse(stderr)
    assert.equal(problem.exitCode, code)
    return { stdout, problem }
  }

  const file = (name: string, text: string) => {
    const path = join(files, name)
    writeFileSync(path, text)
    return path
  }

  it('is what the server said, word for word, and nothing on stdout', async () => {
    const { stdout, problem } = await problemOf(['imports', 'show', '99', '--service', 'news'])
    assert.equal(stdout, '')
    assert.deepEqual(problem, {
      type: 'urn:kaijo:problem:unknown-import',
      title: 'There is no such import',
      status: 404,
      code: 'unknown-import',
      detail: 'the service has no import 99',
      field: 'id',
      exitCode: 2,
    })
  })

  it('is every mistake of what a file asks for, with its name', async () => {
    const path = file(
      'sites.yaml',
      PROVISION.replace('key: vendor-key-1', 'key: short').replace('exact', 'x'),
    )
    const { problem } = await problemOf(['provision', path])
    assert.deepEqual(
      problem.errors.map(({ field }: { field: string }) => field),
      ['sites[0].apiUsers[0].key', 'sites[0].services[0].filters[0].match'],
    )
    assert.ok(problem.detail.startsWith(`${path}: sites[0].apiUsers[0].key: `))
  })

  it('is the code that the interface has for such a file, where a command reads one', async () => {
    const path = file('list.csv', 'email\na@example.jp\n"b@example.jp\n')
    const { problem } = await problemOf(['check', path, '--service', 'news', '--from', 'news@example.com'])
    assert.deepEqual(
      [problem.code, problem.status, problem.detail],
      ['unreadable-file', 400, `${path}: row 3: a quote is opened and never closed`],
    )
  })

  it('is each variable of the environment that is wrong', async () => {
    const env = { KAIJO_HTTP_LISTEN: 'nowhere', KAIJO_LOG_LEVEL: 'loud' }
    const { problem } = await problemOf(['services', 'list'], { env })
    assert.deepEqual(
      problem.errors.map(({ field }: { field: string }) => field),
      ['KAIJO_HTTP_LISTEN', 'KAIJO_LOG_LEVEL'],
    )
  })

  it('is one by one what was not taken of several, and what was stands on stdout', async () => {
    const [empty, none] = [file('empty.eml', ''), join(files, 'none.eml')]
    const { stdout, problem } = await problemOf(['inbound', empty, none])
    assert.deepEqual(JSON.parse(stdout), { items: [] })
    assert.deepEqual(
      [problem.type, problem.status, problem.code, problem.detail],
      ['urn:kaijo:problem:failed', 500, 'failed', '2 of 2 not taken'],
    )
    assert.equal(problem.errors[1].detail, `${none}: there is no such file`)
  })
})
