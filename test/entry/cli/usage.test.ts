import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { run } from './kaijo.ts'

const COMMANDS = [
  'serve',
  'migrate',
  'provision',
  'send',
  'headers',
  'check',
  'export one-click',
  'resume',
  'doctor',
  'backup',
  'restore',
  'keys list',
  'keys rotate',
  'keys repair',
  'dkim create',
  'dkim list',
  'tour',
]

describe('the usage of commands', () => {
  it('is told by --help, with --json and examples that begin with the command', async () => {
    const help = await helpOf(COMMANDS)
    for (const name of COMMANDS) {
      const text = help[name] ?? ''
      assert.match(text, new RegExp(`^Usage: kaijo ${name} `, 'm'), name)
      assert.match(text, /--json/, name)
      assert.match(text, new RegExp(`^Examples:\\n  \\$ kaijo ${name}`, 'm'), name)
    }
  })

  it('names every command', async () => {
    const { code, stdout } = await run(['--help'], {})
    assert.equal(code, 0)
    for (const name of COMMANDS) assert.match(stdout, new RegExp(`^ {2}${name.split(' ')[0]}\\b`, 'm'))
  })

  for (const [args, sentence] of [
    [['exprt'], /unknown command 'exprt'\n\(Did you mean export\?\)/],
    [['dkim', 'list', '--domian', 'example.com'], /unknown option '--domian'\n\(Did you mean --domain\?\)/],
    [['headers', '--to', 'a@example.com'], /required option '--from <address>' not specified/],
    [['provision'], /missing required argument 'file'/],
    [
      ['export', 'one-click', '--sender', 'a@example.com', '--format', 'xml'],
      /Allowed choices are csv, ndjson/,
    ],
    [['send', '--from', 'a@example.com', '--header', 'nonsense'], /--header: nonsense is not "Name: value"/],
    [[], /^Usage: kaijo/],
  ] as const) {
    it(`a mistake is told on stderr with exit code 2: kaijo ${args.join(' ')}`, async () => {
      const { code, stdout, stderr } = await run(args, {})
      assert.match(stderr, sentence)
      assert.doesNotMatch(stderr, /^ {4}at /m)
      assert.deepEqual({ code, stdout }, { code: 2, stdout: '' })
    })
  }
})

/** In one process, which knows no installation. */
async function helpOf(commands: readonly string[]): Promise<Record<string, string>> {
  const script = `
    import { runCli } from ${JSON.stringify(import.meta.resolve('../../../src/entry/cli/cli.ts'))}
    for (const name of ${JSON.stringify(commands)}) {
      console.log('\\0' + name + '\\0')
      await runCli([...name.split(' '), '--help'], { env: {}, version: '0' })
    }`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
  const [, ...parts] = stdout.split('\0')
  return Object.fromEntries(commands.map((name, index) => [name, parts[index * 2 + 1] ?? '']))
}
