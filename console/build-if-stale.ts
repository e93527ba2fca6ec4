import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/*
 * Builds the console unless `dist` is already up to date with the sources. `npm start` and the tests call it first, so
 * that nobody has to think of it.
 */

const here = fileURLToPath(new URL('.', import.meta.url))
const stamp = `${here}dist/.built-from`

// The lock file says which versions of what it is made of are installed.
const MADE_OF = ['src/**/*', 'index.html', 'vite.config.ts', 'package.json', '../package-lock.json']
const sources = globSync(MADE_OF, { cwd: here })
  .filter((path) => /\.\w+$/.test(path) && !path.endsWith('.d.ts'))
  .sort()
const hash = createHash('sha256')
for (const path of sources) hash.update(path).update(readFileSync(here + path))
const state = hash.digest('hex')

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== state) {
  process.stderr.write('Building the console …\n')
  const vite = fileURLToPath(new URL('bin/vite.js', import.meta.resolve('vite/package.json')))
  execFileSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], { cwd: here, stdio: 'inherit' })
  writeFileSync(stamp, state)
}
