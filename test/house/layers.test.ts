import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { tempDir } from '../support/temp-dir.ts'

const ROOT = join(import.meta.dirname, '../..')

/** A small house with one offence per file, beside one file that offends in nothing. */
const TREE: Record<string, string> = {
  'package.json': JSON.stringify({ dependencies: { shipped: '1' }, devDependencies: { tool: '1' } }),
  'node_modules/shipped/package.json': JSON.stringify({ name: 'shipped', version: '1.0.0', main: 'main.js' }),
  'node_modules/shipped/main.js': '',
  'node_modules/tool/package.json': JSON.stringify({ name: 'tool', version: '1.0.0', main: 'main.js' }),
  'node_modules/tool/main.js': '',
  'node_modules/stray/package.json': JSON.stringify({ name: 'stray', version: '1.0.0', main: 'main.js' }),
  'node_modules/stray/main.js': '',
  'test/support/sink.ts': 'export const sink = 1',

  'src/kernel/address.ts':
    "import { hash } from 'node:crypto'\nexport type Address = string\nexport const key = hash",
  'src/mail/dkim.ts':
    "import { key } from '../kernel/address.ts'\nexport type Key = typeof key\nexport const sign = key",
  'src/suppression/record.ts':
    "import 'shipped'\nimport { sign } from '../mail/dkim.ts'\nimport type { Address } from '../kernel/address.ts'\nexport const record = (a: Address) => [a, sign]",

  'src/kernel/upward.ts': "import { sign } from '../mail/dkim.ts'\nexport const upward = sign",
  'src/kernel/upward-type.ts':
    "import type { Key } from '../mail/dkim.ts'\nexport const upward = (key: Key) => key",
  'src/kernel/upward-inline-type.ts':
    "export const upward = (keys: Map<string, import('../mail/dkim.ts').Key>) => keys",
  'src/kernel/upward-lazily.ts': "export const upward = () => import('../mail/dkim.ts')",
  'src/storage/sideways.ts':
    "import type { Key } from '../mail/dkim.ts'\nexport const sideways = (key: Key) => key",
  'src/tokens/mint.ts': "import type { Opened } from './open.ts'\nexport type Minted = Opened | string",
  'src/tokens/open.ts': "import type { Minted } from './mint.ts'\nexport type Opened = Minted | string",
  'src/imports/orphan.ts': 'export const orphan = 1',
  'src/delivery/uses-test.ts': "import { sink } from '../../test/support/sink.ts'\nexport const relay = sink",
  'src/delivery/uses-tool.ts': "import 'tool'\nexport const accept = 1",
  'src/delivery/uses-stray.ts': "import 'stray'\nexport const stamp = 1",
  'src/delivery/uses-nothing.ts': "import { gone } from './gone.ts'\nexport const compose = gone",
  'src/access/barrel.ts': "export { sign } from '../mail/dkim.ts'",
  'src/attic/chest.ts': "import { key } from '../kernel/address.ts'\nexport const chest = key",
  'src/exports/from-attic.ts': "import { chest } from '../attic/chest.ts'\nexport const read = chest",
  'src/entry/http/server.ts':
    "import type { key } from '../../kernel/address.ts'\nexport type Server = typeof key",
  'src/entry/smtp/gateway.ts':
    "import type { Server } from '../http/server.ts'\nexport type Gateway = Server",
  'src/nodemailer/guard.ts':
    "import { sign } from '../mail/dkim.ts'\nimport { record } from '../suppression/record.ts'\nexport const guard = [sign, record]",
  'src/entry/cli/serve.ts': "import { start } from '../../app/start.ts'\nexport const serve = start",
  'src/app/start.ts':
    "import type { Gateway } from '../entry/smtp/gateway.ts'\nexport const start = (g: Gateway) => g",
  'src/main.ts':
    "import { start } from './app/start.ts'\nimport { record } from './suppression/record.ts'\nstart(record)",
}

const OFFENCES: Array<[what: string, rule: string, from: string, to?: string]> = [
  ['an import from a room to the right', 'only-from-the-left-of-kernel', 'kernel/upward.ts', 'mail/dkim.ts'],
  ['a type import from a room to the right', 'only-from-the-left-of-kernel', 'kernel/upward-type.ts'],
  ['a type imported where it is used', 'only-from-the-left-of-kernel', 'kernel/upward-inline-type.ts'],
  ['a lazy import from a room to the right', 'only-from-the-left-of-kernel', 'kernel/upward-lazily.ts'],
  ['an import from a sibling room', 'no-sideways-from-storage', 'storage/sideways.ts', 'mail/dkim.ts'],
  ['a cycle of types inside one room', 'no-cycles', 'tokens/mint.ts', 'tokens/open.ts'],
  ['a file that nothing is tied to', 'no-orphans', 'imports/orphan.ts'],
  ['an import of a test', 'nothing-outside-src', 'delivery/uses-test.ts', '../test/support/sink.ts'],
  ['an import of a dev dependency', 'only-declared-dependencies', 'delivery/uses-tool.ts'],
  ['an import of an undeclared package', 'only-declared-dependencies', 'delivery/uses-stray.ts'],
  ['an import of a file that is not there', 'nothing-unresolvable', 'delivery/uses-nothing.ts'],
  ['a barrel', 'no-barrels', 'access/barrel.ts', 'mail/dkim.ts'],
  ['a room that is not in the plan', 'no-unlisted-room', 'attic/chest.ts'],
  ['an import from such a room', 'no-import-of-an-unlisted-room', 'exports/from-attic.ts', 'attic/chest.ts'],
  ['one entrance importing another', 'no-sideways-in-entry', 'entry/smtp/gateway.ts', 'entry/http/server.ts'],
  [
    'a client that loads the server',
    'nodemailer-is-a-client',
    'nodemailer/guard.ts',
    'suppression/record.ts',
  ],
  [
    'an entrance importing the app',
    'only-from-the-left-of-entry-nodemailer',
    'entry/cli/serve.ts',
    'app/start.ts',
  ],
  ['composition in main', 'one-composition-root', 'main.ts', 'suppression/record.ts'],
]

type Violation = { from: string; to: string; rule: { name: string } }

describe('the layers check', () => {
  const house = tempDir({ after })
  let violations: Violation[] = []

  before(async () => {
    for (const [path, content] of Object.entries(TREE)) {
      mkdirSync(dirname(join(house, path)), { recursive: true })
      writeFileSync(join(house, path), content)
    }
    violations = await cruise(house)
  })

  for (const [what, rule, from, to] of OFFENCES) {
    it(`refuses ${what}`, () => {
      const found = violations.filter((v) => v.rule.name === rule && v.from === `src/${from}`)
      assert.equal(
        found.length,
        1,
        `expected one ${rule} from ${from} in ${JSON.stringify(violations, null, 2)}`,
      )
      if (to !== undefined) assert.equal(found[0]?.to, join('src', to))
    })
  }

  it('refuses nothing else', () => {
    const expected = new Set(OFFENCES.map(([, rule, from]) => `${rule} src/${from}`))
    // The other half of the cycle.
    expected.add('no-cycles src/tokens/open.ts')
    assert.deepEqual(
      violations.map((v) => `${v.rule.name} ${v.from}`).filter((found) => !expected.has(found)),
      [],
    )
  })
})

/** What `npm run check:layers` finds when it runs in `house`. */
function cruise(house: string): Promise<Violation[]> {
  const program = join(ROOT, 'node_modules/.bin/depcruise')
  const config = join(ROOT, '.dependency-cruiser.mjs')
  const args = [program, '--config', config, '--output-type', 'json', 'src']
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: house, maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
      if (stdout === '') reject(new Error(`depcruise said nothing: ${stderr}`, { cause: error }))
      else resolve(JSON.parse(stdout).summary.violations)
    })
  })
}
