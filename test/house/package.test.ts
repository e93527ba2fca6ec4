import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { tempDir } from '../support/temp-dir.ts'

const ROOT = join(import.meta.dirname, '../..')
const MANIFEST = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
const run = promisify(execFile)

describe('the npm package', () => {
  const dir = tempDir({ after })
  const installed = join(dir, 'project/node_modules/kaijo')
  const program = join(installed, MANIFEST.bin?.kaijo ?? 'no bin')

  before(async () => {
    await install(await pack(dir), installed)
  })

  it('holds what is built, the documents and nothing else', () => {
    const other = readdirSync(installed).filter(
      (name) => !/^(dist|docs|package\.json|LICENSE|.*\.md)$/.test(name),
    )
    assert.deepEqual(other, [])
    const sources = readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' })
    assert.deepEqual(
      sources.filter((name) => /(?<!\.d)\.ts$/.test(name)),
      [],
    )
  })

  it('holds every document that its README links to', () => {
    const readme = readFileSync(join(installed, 'README.md'), 'utf8')
    const links = [...readme.matchAll(/\]\((?!https?:|#|src\/)([^)#]+)/g)].map(([, path = '']) => path)
    assert.ok(links.includes('SPECIFICATIONS.md'))
    assert.deepEqual(
      links.filter((path) => !existsSync(join(installed, path))),
      [],
    )
  })

  it('brings a command that tells its version and its usage', async () => {
    assert.match(readFileSync(program, 'utf8'), /^#!\/usr\/bin\/env node\n/)
    const version = await run(process.execPath, [program, '--version'], { cwd: dir })
    assert.equal(version.stdout.trim(), MANIFEST.version)
    const help = await run(process.execPath, [program, '--help'], { cwd: dir })
    assert.match(help.stdout, /Usage: kaijo/)
  })

  it('names commands in its hints as they are run beside it', async () => {
    const env = { ...process.env, KAIJO_DATA_DIR: join(dir, 'data') }
    const headers = ['headers', '--from', 'news@example.com', '--to', 'taro@example.jp']
    await assert.rejects(run(process.execPath, [program, ...headers], { cwd: dir, env }), {
      code: 2,
      stderr: /make one with npx kaijo provision\n$/,
    })
  })

  it('plays the tour, which starts the server that is built', async () => {
    const { stdout } = await run(process.execPath, [program, 'tour'], { cwd: dir })
    assert.match(stdout, /All \d+ steps and \d+ checks hold/)
  })

  it('starts its SQLite threads from the built files', async () => {
    const { openDatabase } = await import(
      pathToFileURL(join(installed, 'dist/storage/open-database.js')).href
    )
    const { migrate } = await import(pathToFileURL(join(installed, 'dist/storage/migrate.js')).href)
    const database = await openDatabase({ kind: 'sqlite', file: join(dir, 'kaijo.sqlite') })
    try {
      assert.ok((await migrate(database)).applied.length > 0)
    } finally {
      await database.close()
    }
  })

  it('offers only entrances that exist', () => {
    const targets = JSON.stringify(MANIFEST.exports).match(/\.\/[^"]+\.(json|js|ts)/g) ?? []
    for (const target of targets) assert.ok(existsSync(join(installed, target)), target)
  })
})

/** Packs a copy of the repository, so that nothing is built into the working tree. @returns the tarball's path */
async function pack(dir: string): Promise<string> {
  const copy = join(dir, 'repository')
  const nodeModules = join(ROOT, 'node_modules')
  cpSync(ROOT, copy, {
    recursive: true,
    filter: (path) => path !== nodeModules && path !== join(ROOT, '.git'),
  })
  symlinkSync(nodeModules, join(copy, 'node_modules'))
  await run('npm', ['pack', '--pack-destination', dir], { cwd: copy })
  return join(dir, `kaijo-${MANIFEST.version}.tgz`)
}

/**
 * Does what npm does, without a registry: beside the package lie the dependencies that it declares and no others, so
 * that an import of an undeclared one fails.
 */
async function install(tarball: string, target: string): Promise<void> {
  mkdirSync(target, { recursive: true })
  await run('tar', ['-xzf', tarball, '-C', target, '--strip-components=1'])
  for (const name of Object.keys(MANIFEST.dependencies)) {
    const link = join(target, '..', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(ROOT, 'node_modules', name), link)
  }
}
