import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freePort } from '../../test/support/free-port.ts'
import { isListening, startProgram } from '../support/child.ts'
import type { MailServer } from '../support/mail-server.ts'

/** Pinned so that the comparison stays the same: this version, with its dependencies as of that day. */
export const HARAKA_VERSION = '3.3.4'
const AS_OF = '2026-10-10'
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/kaijo-bench/haraka/', import.meta.url))
const HARAKA = join(CACHE, 'node_modules/haraka')
const INSTALLED_WITHIN_MS = 180_000

/**
 * Haraka as a relay: before it answers 250 it puts each mail into its outbound queue, a file with fsync, and then hands
 * it to the sink. It accepts mail for anyone and loads no other plugins. Rejects when npm cannot install it.
 */
export async function startHaraka(sinkPort: number): Promise<MailServer> {
  await install()
  const dir = await mkdtemp(join(tmpdir(), 'kaijo-bench-haraka-'))
  const port = await freePort()
  const files = {
    'config/smtp.ini': `listen=127.0.0.1:${port}\nforce_shutdown_timeout=2\n`,
    'config/log.ini': '[main]\nlevel=error\n',
    'config/outbound.ini': 'enable_tls=false\n',
    'config/plugins': 'relay_to_sink\n',
    'config/me': 'haraka.localhost\n',
    'plugins/relay_to_sink.js': plugin(sinkPort),
  }
  await cp(join(HARAKA, 'config'), join(dir, 'config'), { recursive: true })
  for (const folder of ['plugins', 'queue']) await mkdir(join(dir, folder))
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text)
  const script = join(HARAKA, 'haraka.js')
  const env = { PATH: process.env['PATH'], HARAKA: dir }
  const child = await startProgram(process.execPath, [script], { cwd: dir, env }, () => isListening(port))
  return {
    port,
    stop: async () => {
      await child.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

async function install(): Promise<void> {
  const installed = await readFile(join(HARAKA, 'package.json'), 'utf8').catch(() => '{}')
  if (JSON.parse(installed).version === HARAKA_VERSION) return
  await mkdir(CACHE, { recursive: true })
  const what = [`haraka@${HARAKA_VERSION}`, '--prefix', CACHE, '--before', AS_OF]
  const how = [
    '--no-save',
    '--no-package-lock',
    '--omit=optional',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
  ]
  await promisify(execFile)('npm', ['install', ...what, ...how], { timeout: INSTALLED_WITHIN_MS })
}

function plugin(sinkPort: number): string {
  return `
exports.hook_lookup_rdns = (next) => next(OK, 'load.localhost')
exports.hook_connect = (next, connection) => {
  connection.relaying = true
  next()
}
exports.hook_get_mx = (next) => next(OK, { priority: 0, exchange: '127.0.0.1', port: ${sinkPort} })
`
}
