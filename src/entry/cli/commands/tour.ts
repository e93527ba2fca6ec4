import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { addCommand, type CommonOptions, note, printJson } from '../command.ts'
import type { CliHost } from '../host.ts'
import { type Account, startAccount } from '../tour/account.ts'
import { thisProgram } from '../tour/program.ts'
import { play } from '../tour/story.ts'

interface Options extends CommonOptions {
  keep?: true
}

export function addTour(program: Command, host: CliHost): void {
  addCommand(program, 'tour', 'play the main job on this machine, in a directory and on ports of its own', [
    'tour',
    'tour --keep --json',
  ])
    .option('--keep', 'leave the data directory there')
    .action(async ({ json, keep }: Options) => {
      const startedAt = performance.now()
      const account = startAccount(json ? process.stderr : process.stdout)
      const dataDir = mkdtempSync(join(tmpdir(), 'kaijo-tour-'))
      // Exiting ends the server too, which ending by a signal would not.
      for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))
      process.once('exit', () => {
        if (!keep) rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 })
      })
      try {
        await playIn(dataDir, account, host)
      } finally {
        if (keep) note(`The data directory is ${dataDir}.`)
      }
      const { steps } = account
      const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
      const checks = steps.reduce((sum, step) => sum + step.checks.length, 0)
      if (json) printJson({ steps, checks, seconds: Number(seconds) })
      else process.stdout.write(`\nAll ${steps.length} steps and ${checks} checks hold, in ${seconds} s.\n`)
    })
}

async function playIn(dataDir: string, account: Account, { env }: CliHost): Promise<void> {
  // Loads an SMTP server, which no other command needs.
  const { startSink } = await import('../tour/sink.ts')
  const sink = await startSink()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const program = thisProgram(env, {
    KAIJO_DATA_DIR: dataDir,
    KAIJO_HTTP_LISTEN: `127.0.0.1:${port}`,
    KAIJO_PUBLIC_URL: url,
    KAIJO_RELAY_URL: sink.url,
    KAIJO_SERVICES: 'http,worker',
  })
  try {
    await play({ account, program, sink, url, dataDir })
  } catch (error) {
    if (program.serverLog.length > 0) note(`The server's last words:\n${program.serverLog.join('\n')}`)
    throw error
  } finally {
    await sink.close()
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
