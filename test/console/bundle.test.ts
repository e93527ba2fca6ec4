import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { globSync, readFileSync, statSync } from 'node:fs'
import { before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const DIST = `${ROOT}console/dist/`

/** Octets of what has to be there before a screen is seen, compressed by gzip. */
const MOST = 250_000

interface Piece {
  file: string
  imports?: string[]
  css?: string[]
}

describe('what a browser loads of the console', () => {
  let manifest: Record<string, Piece>

  before(() => {
    execFileSync(process.execPath, [`${ROOT}console/build-if-stale.ts`], { stdio: 'inherit' })
    manifest = JSON.parse(readFileSync(`${DIST}.vite/manifest.json`, 'utf8'))
  })

  for (const [screen, files] of Object.entries({
    'the page to sign in on': ['session/sign-in.tsx'],
    'the overview': [
      'app/frame.tsx',
      'app/of-service.tsx',
      'screens/home/home.tsx',
      'screens/overview/overview.tsx',
    ],
  })) {
    it(`is at most ${MOST / 1_000} KB before ${screen} is seen`, (t) => {
      const names = ['index.html', ...files.map((file) => `src/${file}`)]
      const octets = [...filesOf(names)].map((file) => statSync(`${DIST}${file}.gz`).size)
      const total = octets.reduce((sum, size) => sum + size, statSync(`${DIST}index.html`).size)
      t.diagnostic(`${total} octets in ${octets.length} files`)
      assert.ok(total > 100_000 && total <= MOST, `${total} octets`)
    })
  }

  it('has the styles of every component that it is made of', () => {
    const named = (files: string[]) => {
      const text = files.map((file) => readFileSync(file, 'utf8')).join('\n')
      return new Set(text.match(/\bm_[0-9a-f]{6,8}\b/g))
    }
    const known = named(
      globSync(`${ROOT}node_modules/@mantine/{core,notifications,dropzone,charts}/styles.css`),
    )
    const styled = named(globSync(`${DIST}assets/*.css`))
    const used = [...named(globSync(`${DIST}assets/*.js`))].filter((name) => known.has(name))
    assert.ok(used.length > 200)
    assert.deepEqual(
      used.filter((name) => !styled.has(name)),
      [],
    )
  })

  /** With everything that they import, but for what they load later. */
  function filesOf(names: readonly string[], found = new Set<string>()): Set<string> {
    for (const name of names) {
      const piece = manifest[name]
      assert.ok(piece, name)
      if (found.has(piece.file)) continue
      for (const file of [piece.file, ...(piece.css ?? [])]) found.add(file)
      filesOf(piece.imports ?? [], found)
    }
    return found
  }
})
