#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

// An older Node has to get as far as this: it would refuse an import of what it lacks without a word about itself.
if (Number.parseInt(process.versions.node, 10) < 26) {
  process.stderr.write(`error: Kaijo needs Node 26 or newer; this is ${process.version}\n`)
  process.exit(1)
}

// Compiled once for all starts and threads: half the time to the first answer, and 20 MB less for each thread. It
// lies beside the code that it is made of, since whoever can write there could change the code itself.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../node_modules/.cache/kaijo', import.meta.url))
module.enableCompileCache()
const { cliHost } = await import('./app/cli-host.ts')
const { runCli } = await import('./entry/cli/cli.ts')

// Beside src/ and beside dist/ alike.
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

process.exitCode = await runCli(process.argv.slice(2), cliHost(process.env, version))
