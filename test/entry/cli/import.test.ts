import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { tempDir } from '../../support/temp-dir.ts'
import { done, lifeOfBlock, MAIN, type Place, PROVISION, place } from './kaijo.ts'

describe('files in, by commands beside a server', () => {
  const life = lifeOfBlock()
  const files = tempDir(life)
  const csv = join(files, 'stopped.csv')
  let kaijo: Place['kaijo']

  before(async () => {
    writeFileSync(csv, 'name,email\n太郎,taro@example.jp\n花子,hanako@example.jp\n-,nobody\n')
    const here = await place(life)
    kaijo = here.kaijo
    await here.serve()
    done(await kaijo(['provision', '-'], { input: PROVISION }))
  })

  const importing = (...args: string[]) =>
    kaijo(['import', csv, '--service', 'news', '--list', 'hard-bounces', ...args])

  it('import --dry-run tells what would change, and leaves it at that', async () => {
    const { stdout, stderr } = done(await importing('--action', 'add', '--dry-run'))
    assert.match(
      stdout,
      /^import 1: add to hard-bounces, done \(dry run\)\nstopped\.csv, SHA-256 [0-9a-f]{64}\n/,
    )
    assert.match(stdout, /3 rows: 2 applied, 2 would change, 0 unchanged, 1 skipped, 0 repeated/)
    assert.match(stdout, /would change: hanako@example\.jp \(not-listed\)\n/)
    assert.match(stderr, /kaijo -- imports rejects 1/)
  })

  it('import --wait applies a file, and says it as JSON too', async () => {
    const { stdout } = done(await importing('--action', 'add', '--wait', '--json'))
    const view = JSON.parse(stdout)
    assert.deepEqual([view.state, view.fileName, view.rows.changed], ['done', 'stopped.csv', 2])
  })

  it('imports list, show and rejects tell the history, and undo takes an import back', async () => {
    const ofService = ['--service', 'news']
    assert.match(
      done(await kaijo(['imports', 'list', ...ofService])).stdout,
      /^2\t\S+\toperator\tdone\tadd\thard-bounces\tstopped\.csv\t3 rows: [^\n]+\n1\t\S+\toperator\tdone \(dry run\)\t/,
    )
    const listed = done(await kaijo(['imports', 'list', ...ofService, '--limit', '1', '--json']))
    assert.equal(JSON.parse(listed.stdout).items.length, 1)
    assert.match(
      done(await kaijo(['imports', 'show', '2', ...ofService])).stdout,
      /^import 2: add to hard-bounces/,
    )
    const rejects = join(files, 'rejects.csv')
    done(await kaijo(['imports', 'rejects', '2', ...ofService, '--output', rejects]))
    assert.equal(
      readFileSync(rejects, 'utf8'),
      'row,text,reason,code\r\n4,nobody,this is not a mail address,malformed-address\r\n',
    )
    assert.match(
      done(await kaijo(['imports', 'undo', '2', ...ofService])).stdout,
      /2 undone, 0 left as they are/,
    )
    const cancelled = await kaijo(['imports', 'cancel', '2', ...ofService])
    assert.deepEqual(
      [cancelled.code, cancelled.stderr],
      [1, 'error: import 2 is undone: there is nothing to cancel\n'],
    )
  })

  it('import takes one address a line from a text file', async () => {
    const text = join(files, 'again.txt')
    writeFileSync(text, 'taro@example.jp\n')
    const args = ['--service', 'news', '--list', 'sender:news@example.com', '--action', 'remove', '--wait']
    assert.match(done(await kaijo(['import', text, ...args])).stdout, /1 rows: 1 applied, 0 changed/)
  })

  it('import takes the export of another system, each row to the list of its reason', async () => {
    const file = join(files, 'postmark.csv')
    const rows = 'a@example.jp,HardBounce,Recipient,\nb@example.jp,ManualSuppression,Recipient,\n'
    writeFileSync(file, `EmailAddress,SuppressionReason,Origin,CreatedAt\n${rows}`)
    const args = ['import', file, '--service', 'news', '--list', 'auto', '--action', 'add', '--wait']
    const { stdout } = done(await kaijo([...args, '--sender', 'news@example.com']))
    assert.match(stdout, /: add to auto, done\n/)
    assert.match(stdout, /\nread as Postmark suppressions\n/)
    assert.match(stdout, /\nhard-bounces: 1\nsender:news@example\.com: 1\n/)
    const { code, stderr } = await kaijo([...args, '--dry-run'])
    assert.deepEqual([code, /row 3 is an unsubscription/.test(stderr)], [2, true])
  })

  it('import refuses a bad file with exit code 2 and the row', async () => {
    const args = ['import', '-', '--service', 'news', '--list', 'blocklist', '--action', 'add']
    const { code, stderr } = await kaijo(args, { input: 'email\na@b.example\n"c@b.example\n' })
    assert.deepEqual([code, stderr], [2, 'error: row 3: a quote is opened and never closed\n'])
  })
})

describe('a command that waits for an import and is interrupted', () => {
  const life = lifeOfBlock()

  it('says that the import goes on, and how to stop it', async () => {
    const { kaijo, serve, env } = await place(life)
    // Nobody applies anything.
    await serve({ KAIJO_SERVICES: 'http' })
    done(await kaijo(['provision', '-'], { input: PROVISION }))
    const ofService = ['--service', 'news']
    const args = ['import', '-', ...ofService, '--list', 'blocklist', '--action', 'add', '--wait']
    const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['pipe', 'ignore', 'pipe'] })
    const [said, exited] = [text(child.stderr), once(child, 'exit')]
    child.stdin.end('email\na@b.example\n')
    const listed = async () => done(await kaijo(['imports', 'list', ...ofService])).stdout
    while (!(await listed()).includes('queued')) await sleep(50)
    // The answer with the number is on its way.
    await sleep(500)
    child.kill('SIGINT')
    assert.deepEqual(await exited, [null, 'SIGINT'])
    assert.match(await said, /import 1 goes on .* imports cancel 1 stops it/)
    assert.match(await listed(), /queued/)
  })
})

describe('files in, by commands without a server', () => {
  const life = lifeOfBlock()

  it('import applies the file before it ends', async () => {
    const { kaijo } = await place(life)
    done(await kaijo(['provision', '-'], { input: PROVISION }))
    const args = ['import', '-', '--list', 'blocklist', '--action', 'add', '--json']
    const { stdout } = done(await kaijo(args, { input: 'email\na@b.example\n' }))
    assert.equal(JSON.parse(stdout).rows.changed, 1)
  })
})
