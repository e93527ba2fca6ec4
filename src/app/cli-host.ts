import { type Config, toConfig } from '../config/to-config.ts'
import { connect } from '../entry/cli/connect.ts'
import type { CliHost } from '../entry/cli/host.ts'
import { lockDataDirectory } from '../storage/data-lock.ts'

/*
 * What the command line needs of the application, which is loaded only when it is needed: without it, `--help` and any
 * command that finds a server running take half the time.
 */

export function cliHost(env: NodeJS.ProcessEnv, version: string): CliHost {
  return {
    env,
    version,
    serve: async (onStarted) => {
      const { serve } = await import('./serve.ts')
      return serve(env, onStarted)
    },
    connect: async () => connect(toConfig(env), startHere),
  }
}

async function startHere(config: Config) {
  // Finds out whether a server works there before anything else is loaded.
  lockDataDirectory(config.dataDir).release()
  const [{ openCapabilities }, { start }, { createLogger }] = await Promise.all([
    import('./capabilities.ts'),
    import('./start.ts'),
    import('../kernel/log.ts'),
  ])
  const log = createLogger({ level: 'silent' })
  return start(await openCapabilities({ config, log }), { controlOnly: true })
}
