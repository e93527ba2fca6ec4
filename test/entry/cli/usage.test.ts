import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { type Outcome, run } from './kaijo.ts'

const COMMANDS = [
  'serve',
  'migrate',
  'provision',
  'send',
  'headers',
  'check',
  'report messages',
  'report counts',
  'report days',
  'deliveries list',
  'deliveries show',
  'deliveries messages',
  'deliveries pause',
  'deliveries resume',
  'deliveries cancel',
  'deliveries resend',
  'export one-click',
  'export agreements',
  'timeline',
  'stop',
  'resume',
  'error-counts show',
  'error-counts set',
  'senders list',
  'senders register',
  'filters list',
  'filters create',
  'filters edit',
  'filters delete',
  'filters try',
  'api-users list',
  'api-users create',
  'api-users rotate',
  'api-users end-previous-key',
  'api-users revoke',
  'audit list',
  'audit export',
  'subscribers list',
  'subscribers show',
  'subscribers register',
  'subscribers edit',
  'subscribers delete',
  'subscribers import',
  'forms list',
  'forms show',
  'forms create',
  'forms edit',
  'forms delete',
  'forms embed',
  'erase',
  'erasure',
  'doctor',
  'backup',
  'restore',
  'keys list',
  'keys rotate',
  'keys repair',
  'dkim create',
  'dkim import',
  'dkim rotate',
  'dkim list',
  'dkim check',
  'dkim activate',
  'dkim retire',
  'dkim remove',
  'tour',
]

const MISTAKES = [
  [['exprt'], /unknown command 'exprt'\n\(Did you mean export\?\)/],
  [['dkim', 'list', '--domian', 'x'], /unknown option '--domian'\n\(Did you mean --domain\?\)/],
  [['dkim', 'create', '--selector', 'k1'], /name the domain, e.g. example.com/],
  [['dkim', 'list', 'example.com', '--domain', 'example.net'], /name the domain once/],
  [['headers', '--to', 'a@example.com'], /required option '--from <address>' not specified/],
  [['provision'], /missing required argument 'file'/],
  [
    ['export', 'one-click', '--sender', 'a@example.com', '--format', 'xml'],
    /Allowed choices are csv, ndjson/,
  ],
  [['send', '--from', 'a@example.com', '--header', 'nonsense'], /--header: nonsense is not "Name: value"/],
  [
    ['send', '--from', 'a@example.com', '--to', 'b@example.jp', '--header', 'X-A: 1', '--header', 'X-A: 2'],
    /--header: X-A is given twice/,
  ],
  [['send', '--from', 'a@example.com', '--text', '-'], /give --to, or --recipients, and not both/],
  [['send', '--from', 'a@example.com', '--to', 'b@example.com'], /give --text, --html or --raw/],
  [['send', '--from', 'a@example.com', '--recipients', '-', '--text', '-'], /only one file can be stdin/],
  [['subscribers', 'edit', 'a@example.com', '--join', '--leave'], /give --join or --leave, and not both/],
  [['subscribers', 'register', 'a@example.com', '--attributes', '{'], /--attributes: is not JSON/],
  [['erase', 'a@example.com'], /an erasure cannot be taken back: say --yes/],
  [['resume', '--list', 'blocklist'], /give addresses, or --file, and not both/],
  [['stop', '--list', 'blocklist'], /give addresses, or --file, and not both/],
  [['filters', 'create', 'tips', '--header', 'Subject'], /give --header and --pattern/],
  [['error-counts', 'set', 'many', 'a@example.com'], /many is not a count/],
  [[], /^Usage: kaijo/],
] as const

describe('the usage of commands', () => {
  it('is told by --help, with --json and examples that begin with the command', async () => {
    const told = await tell(COMMANDS.map((name) => [...name.split(' '), '--help']))
    for (const [index, name] of COMMANDS.entries()) {
      const { code, stdout = '' } = told[index] ?? {}
      assert.equal(code, 0, name)
      assert.match(stdout, new RegExp(`^Usage: kaijo ${name} `, 'm'))
      assert.match(stdout, /--json/, name)
      assert.match(stdout, new RegExp(`^Examples:\\n  \\$ kaijo ${name}`, 'm'))
    }
  })

  it('names every command', async () => {
    const { code, stdout } = await run(['--help'], {})
    assert.equal(code, 0)
    for (const name of COMMANDS) assert.match(stdout, new RegExp(`^ {2}${name.split(' ')[0]}\\b`, 'm'))
  })

  it('is told on stderr, with exit code 2, to whoever makes a mistake', async () => {
    const told = await tell(MISTAKES.map(([args]) => args))
    for (const [index, [, sentence]] of MISTAKES.entries()) {
      const { code, stdout, stderr = '' } = told[index] ?? {}
      assert.match(stderr, sentence)
      assert.doesNotMatch(stderr, /^ {4}at /m)
      assert.deepEqual({ code, stdout }, { code: 2, stdout: '' })
    }
  })
})

describe('a mistake with --json', () => {
  it('is one JSON object on stderr, a problem document, with the same sentence and exit code', async () => {
    const told = await tell(MISTAKES.slice(0, -1).map(([args]) => [...args, '--json']))
    for (const [index, [args, sentence]] of MISTAKES.slice(0, -1).entries()) {
      const { code, stdout, stderr = '' } = told[index] ?? {}
      assert.equal(stderr.indexOf('\n'), stderr.length - 1, args.join(' '))
      const { detail, ...problem } = JSON.parse(stderr)
      assert.match(detail, sentence)
      assert.deepEqual(problem, {
        type: 'urn:kaijo:problem:invalid-value',
        title: 'A value is not valid',
        status: 400,
        code: 'invalid-value',
        exitCode: 2,
      })
      assert.deepEqual({ code, stdout }, { code: 2, stdout: '' })
    }
  })

  it('is told to people where --json is what somebody looks for, and is none where help is asked for', async () => {
    const [{ stderr } = { stderr: '' }, help] = await tell([
      ['exprt', '--', '--json'],
      ['check', '--json', '--help'],
    ])
    assert.match(stderr, /^error: unknown command/)
    assert.deepEqual([help?.code, help?.stderr], [0, ''])
  })
})

/** What each says and answers, all in one process, which knows no installation. */
async function tell(commands: readonly (readonly string[])[]): Promise<Outcome[]> {
  const script = `
    import { runCli } from ${JSON.stringify(import.meta.resolve('../../../src/entry/cli/cli.ts'))}
    for (const args of ${JSON.stringify(commands)}) {
      const code = await runCli(args, { env: {}, version: '0' })
      process.stdout.write(code + '\\0')
      process.stderr.write('\\0')
    }`
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    script,
  ])
  const errors = stderr.split('\0')
  return stdout
    .split('\0')
    .slice(0, -1)
    .map((text, index) => ({
      code: Number(text.at(-1)),
      stdout: text.slice(0, -1),
      stderr: errors[index] ?? '',
    }))
}
