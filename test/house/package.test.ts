import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { lifeOfBlock, place, type RunningServer } from '../entry/cli/kaijo.ts'
import { header } from '../nodemailer/some-kaijo.ts'
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts'
import { tempDir } from '../support/temp-dir.ts'
import { fillIn, readmeBlocks } from './readme-blocks.ts'

const ROOT = join(import.meta.dirname, '../..')
const MANIFEST = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
const run = promisify(execFile)
// What is installed keeps what it compiles beside itself.
delete process.env['NODE_COMPILE_CACHE']

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

  describe("in somebody else's program, as the README prints it", () => {
    const life = lifeOfBlock()
    const project = join(dir, 'project')
    const bin = join(dir, 'bin')
    let sink: SmtpSink
    let server: RunningServer
    let env: NodeJS.ProcessEnv
    let places: { 'http://127.0.0.1:8080': string; 'paste the API key': string }

    before(async () => {
      sink = await startSmtpSink()
      life.after(() => sink.close())
      const here = await place(life)
      server = await here.serve({ KAIJO_RELAY_URL: sink.url, KAIJO_PUBLIC_URL: 'https://u.example.com' })
      const { url, created } = server.started
      places = { 'http://127.0.0.1:8080': url, 'paste the API key': created?.apiUser.key ?? '' }
      const headers = { authorization: `Bearer ${created?.apiUser.key}`, 'content-type': 'application/json' }
      const body = JSON.stringify({ address: 'news@example.com' })
      const registered = await fetch(`${url}/api/v1/services/1/senders`, { method: 'POST', headers, body })
      assert.equal(registered.status, 200, await registered.text())

      mkdirSync(bin)
      const mode = 0o755
      writeFileSync(join(bin, 'kaijo'), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`, { mode })
      writeFileSync(join(bin, 'sendmail'), '#!/bin/sh\ncat > "mail to $4"\n', { mode })
      env = { ...here.env, PATH: `${bin}:${process.env['PATH']}` }
    })

    /** What came since, by recipient; each has its own link. */
    const linksOf = (count: number) => {
      const mails = sink.messages.splice(0)
      assert.equal(mails.length, count)
      const links = mails.map(({ raw }) => {
        assert.equal(header(raw, 'List-Unsubscribe-Post'), 'List-Unsubscribe=One-Click')
        assert.match(raw.toString(), /^List-Unsubscribe: <https:\/\/u\.example\.com\/\S+>\r$/m)
        return header(raw, 'List-Unsubscribe')
      })
      assert.equal(new Set(links).size, count)
      return mails.flatMap(({ to }) => to).sort()
    }

    it('imports, checks, sends and exports through the client', async () => {
      const [script = ''] = readmeBlocks('From JavaScript and TypeScript', 'js')
      writeFileSync(join(project, 'blocked.csv'), 'email\ngoro@example.jp\n')
      const file = join(project, 'client.mjs')
      writeFileSync(file, fillIn(script, places))
      const { stdout } = await run(process.execPath, [file], { env, cwd: project })
      assert.match(stdout, /^1 of 1 are blocked now\ngoro@example\.jp: blocklist, blocked, 20\S+Z\n$/m)
      assert.match(readFileSync(join(project, 'blocklist.csv'), 'utf8'), /\r\ngoro@example\.jp,blocked,/)
      await sink.waitFor(1)
      assert.deepEqual(linksOf(1), ['hanako@example.jp'])
    })

    it('checks and stamps through nodemailer', async () => {
      const [plugin = ''] = readmeBlocks('From nodemailer', 'js')
      const file = join(project, 'plugin.mjs')
      writeFileSync(file, fillIn(plugin, { ...places, 'smtp://127.0.0.1:25': sink.url }))
      assert.equal((await run(process.execPath, [file], { env })).stdout, '')
      assert.deepEqual(linksOf(1), ['taro@example.jp'])
    })

    it('tells through nodemailer who is excluded', async () => {
      const [plugin = ''] = readmeBlocks('From nodemailer', 'js')
      const list = ['--service', '1', '--from', 'news@example.com']
      const minted = await run(
        join(bin, 'kaijo'),
        ['headers', ...list, '--to', 'saburo@example.jp', '--json'],
        { env },
      )
      const { pathname } = new URL(JSON.parse(minted.stdout).url)
      await fetch(server.started.url + pathname, { method: 'POST', body: 'List-Unsubscribe=One-Click' })
      const file = join(project, 'excluded.mjs')
      const saburo = { 'taro@example.jp': 'saburo@example.jp' }
      writeFileSync(file, fillIn(plugin, { ...places, ...saburo, 'smtp://127.0.0.1:25': sink.url }))
      const { stdout } = await run(process.execPath, [file], { env })
      assert.match(stdout, /^saburo@example\.jp is on sender:news@example\.com since 20\S+Z\n$/)
      linksOf(0)
    })

    it('sends through Kaijo', async () => {
      const [, transport = ''] = readmeBlocks('From nodemailer', 'js')
      const file = join(project, 'transport.mjs')
      writeFileSync(file, fillIn(transport, places))
      const { stdout } = await run(process.execPath, [file], { env })
      assert.match(stdout, /^delivery 2: 2 accepted \[ 'hanako@example\.jp', 'jiro@example\.jp' \] \[\]\n$/)
      await sink.waitFor(2)
      assert.deepEqual(linksOf(2), ['hanako@example.jp', 'jiro@example.jp'])
    })

    it('is required by CommonJS, where nothing that the server needs is installed', async () => {
      const modules = join(dir, 'bare/node_modules')
      cpSync(installed, join(modules, 'kaijo'), { recursive: true })
      symlinkSync(join(ROOT, 'node_modules/nodemailer'), join(modules, 'nodemailer'))
      const [, , required = ''] = readmeBlocks('From nodemailer', 'js')
      const file = join(dir, 'bare/required.cjs')
      const mail = "{ from: 'news@example.com', to: 'taro@example.jp', text: 'Good morning.' }"
      const block = fillIn(required, { ...places, 'smtp://127.0.0.1:25': sink.url })
      writeFileSync(file, `${block}\ntransporter.sendMail(${mail})`)
      await run(process.execPath, [file], { env })
      assert.deepEqual(linksOf(1), ['taro@example.jp'])
    })

    it('mints for a shell script', async () => {
      const [script = ''] = readmeBlocks('From other languages', 'sh')
      writeFileSync(join(project, 'list.txt'), 'taro@example.jp\nsaburo@example.jp\nhanako@example.jp\n')
      await run('sh', ['-c', script], { env, cwd: project })
      const mails = readdirSync(project).filter((name) => name.startsWith('mail to '))
      assert.deepEqual(mails.sort(), ['mail to hanako@example.jp', 'mail to taro@example.jp'])
      for (const mail of mails) {
        const raw = readFileSync(join(project, mail))
        assert.match(header(raw, 'List-Unsubscribe') ?? '', /^<https:\/\/u\.example\.com\/\S+>$/)
        assert.equal(header(raw, 'List-Unsubscribe-Post'), 'List-Unsubscribe=One-Click')
      }
    })

    const hasPython = spawnSync('python3', ['--version']).status === 0
    it('checks and stamps through the API from Python', {
      skip: !hasPython && 'there is no Python',
    }, async () => {
      const [script = ''] = readmeBlocks('From other languages', 'python')
      await run(
        'python3',
        ['-c', fillIn(script, { ...places, "'127.0.0.1', 25": `'127.0.0.1', ${sink.port}` })],
        { env },
      )
      assert.deepEqual(linksOf(2), ['hanako@example.jp', 'taro@example.jp'])
    })
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
