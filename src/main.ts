#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

// No static import above may need a newer Node: an older one would fail on it before this check could say why.
if (Number.parseInt(process.versions.node, 10) < 26) {
  process.stderr.write(`error: Kaijo needs Node 26 or newer; this is ${process.version}\n`)
  process.exit(1)
}

// The code is compiled once for all starts and threads: half the time to the first answer, and 20 MB less for each
// thread. The cache lies beside the code, where whoever can write could change the code itself anyway.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../node_modules/.cache/kaijo', import.meta.url))
module.enableCompileCache()
const { cliHost } = await import('./app/cli-host.ts')
const { runCli } = await import('./entry/cli/cli.ts')

// The parent of src/ and of dist/ alike.
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

process.exitCode = await runCli(process.argv.slice(2), cliHost(process.env, version))
