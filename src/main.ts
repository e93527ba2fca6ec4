#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { cliHost } from './app.ts'
import { runCli } from './entry/cli/cli.ts'

// Beside src/ and beside dist/ alike.
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

process.exitCode = await runCli(process.argv.slice(2), cliHost(process.env, version))
