import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, it } from 'node:test'
import { VARIABLES } from '../../src/config/read-env.ts'
import { PROBLEMS } from '../../src/dialects/native/errors.ts'

const ROOT = join(import.meta.dirname, '../..')
const PLACES = ['docs', 'src', 'bench']
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

const DOCUMENTS = ['.', ...PLACES].flatMap((place) =>
  readdirSync(join(ROOT, place), { recursive: place !== '.', encoding: 'utf8' })
    // Other people's documents, which the benchmarks fetch, lie in a hidden folder.
    .filter((name) => name.endsWith('.md') && !name.startsWith('.'))
    .map((name) => join(place, name)),
)

describe('the documentation', () => {
  it('explains every variable in the README, and none that does not exist', () => {
    const explained = rowsOf(read('README.md')).filter((cell) => cell.startsWith('KAIJO_'))
    assert.deepEqual(explained.toSorted(), [...VARIABLES].sort())
    for (const document of DOCUMENTS) {
      const named = read(document).match(/\bKAIJO_[A-Z]+(?:_[A-Z]+)*\b/g) ?? []
      const unknown = named.filter(
        (name) => !(VARIABLES as readonly string[]).includes(name) && !name.startsWith('KAIJO_TEST_'),
      )
      assert.deepEqual(unknown, [], document)
    }
  })

  it('explains every command in the README, and none that does not exist', () => {
    const commands = filesIn('src/entry/cli/commands').map((name) => name.replace('.ts', ''))
    const explained = rowsOf(read('README.md')).flatMap((cell) => /^kaijo ([\w-]+)/.exec(cell)?.[1] ?? [])
    assert.deepEqual([...new Set(explained)].sort(), commands.sort())
  })

  it('explains every problem with its status, and none that does not exist', () => {
    const documented = [...read('src/dialects/native/README.md').matchAll(/^\| `([a-z-]+)` \| (\d{3})/gm)]
    assert.deepEqual(
      Object.fromEntries(documented.map(([, code = '', status]) => [code, Number(status)])),
      Object.fromEntries(Object.entries(PROBLEMS).map(([code, { status }]) => [code, status])),
    )
  })

  it('explains every metric, and none that does not exist', () => {
    const metrics = read('src/entry/http/metrics.ts').match(/'kaijo_\w+'/g) ?? []
    const explained = rowsOf(read('docs/operating.md')).filter((cell) => cell.startsWith('kaijo_'))
    assert.deepEqual(explained.map((name) => `'${name}'`).sort(), metrics.toSorted())
  })

  it('shows every room of the house', () => {
    const architecture = read('ARCHITECTURE.md')
    const rooms = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    )
    for (const { name } of rooms) assert.match(architecture, new RegExp(`^ *${name}/ `, 'm'), name)
  })

  for (const document of DOCUMENTS) {
    it(`names only files that exist in ${document}`, () => {
      for (const path of pathsIn(read(document))) assert.ok(existsSync(join(ROOT, path)), path)
    })

    it(`links only to what exists from ${document}`, () => {
      for (const link of linksIn(read(document))) {
        const [path = '', anchor] = link.split('#')
        const target = path === '' ? document : relative('.', join(dirname(document), path))
        assert.ok(existsSync(join(ROOT, target)), link)
        if (anchor !== undefined) assert.ok(anchorsOf(read(target)).includes(anchor), link)
      }
    })
  }
})

/** The first cells of all table rows, each of the names in it for itself. */
function rowsOf(document: string): string[] {
  const cells = [...document.matchAll(/^\| (`.*?`) \|/gm)].map(([, cell = '']) => cell)
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))
}

function filesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.ts'))
}

/** Paths in backquotes; those with a star or an ellipsis stand for files that do not exist yet. */
function pathsIn(document: string): string[] {
  const quoted = [...document.matchAll(/`((?:src|test|docs|bench)\/[^`\s]*)`/g)].map(([, path = '']) => path)
  return quoted.filter((path) => !/[*…<]|NNNN/.test(path))
}

function linksIn(document: string): string[] {
  const links = [...document.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
  return links.filter((link) => !/^[a-z]+:/.test(link))
}

/** As GitHub makes them of headings. */
function anchorsOf(document: string): string[] {
  const headings = [...document.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading)
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  )
}
