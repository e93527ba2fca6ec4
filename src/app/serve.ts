import { setFlagsFromString } from 'node:v8'
import { firstStart } from '../access/first-start.ts'
import { toConfig } from '../config/to-config.ts'
import type { Started } from '../entry/cli/host.ts'
import { provisionParts } from '../entry/http/parts/native-parts.ts'
import { createLogger } from '../kernel/log.ts'
import { openCapabilities } from './capabilities.ts'
import { start } from './start.ts'

/** Serves until a signal ends the process. The very first start makes a site, a service and credentials. */
export async function serve(env: NodeJS.ProcessEnv, onStarted: (started: Started) => void): Promise<void> {
  keepLittleGarbage()
  const config = toConfig(env)
  const log = createLogger({ level: config.logLevel })
  // The files that this process makes hold addresses: they are for its user alone.
  process.umask(0o077)
  // Handled from here on, so that a signal during the start ends it in good order too.
  const signalled = new Promise<string>((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
  })
  const capabilities = await openCapabilities({ config, log })
  const running = await start(capabilities)
  // Shown only once it listens: a start that fails would take the only sight of the key with it.
  const created = await firstStart(provisionParts(capabilities, 'operator')).catch(async (error) => {
    await running.stop()
    throw error
  })
  const { warnings } = capabilities
  onStarted({ url: running.url, smtp: running.smtp, publicUrl: config.publicUrl.href, warnings, created })
  log.info({ signal: await signalled }, 'stopping')
  await running.stop()
}

/** Set once the code is loaded: V8 does not reuse what was compiled under other settings. */
function keepLittleGarbage(): void {
  // By itself V8 learns at busy moments that the rows of an export live long, and keeps their garbage for long from
  // then on.
  setFlagsFromString('--no-allocation-site-pretenuring')
  // A file of millions of rows leaves garbage of all kinds; by itself V8 lets the heap grow to four times what is live
  // before it collects.
  setFlagsFromString('--heap-growing-percent=60')
}
