import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Capabilities, openCapabilities } from '../../src/app/capabilities.ts'
import { toConfig } from '../../src/config/to-config.ts'
import { createLogger } from '../../src/kernel/log.ts'
import { registerSender } from '../../src/tenants/sender.ts'
import { createService, type Service } from '../../src/tenants/service.ts'
import { createSite } from '../../src/tenants/site.ts'
import { freePort } from '../../test/support/free-port.ts'
import { startPostgres } from '../../test/support/postgres.ts'

export type Engine = 'sqlite' | 'postgres'

/** A fresh Kaijo with one registered sender, not running yet, and what is needed to start it. */
export interface Installation {
  env: NodeJS.ProcessEnv
  port: number
  /** Where it accepts mail. */
  smtpPort: number
  dir: string
  databaseUrl: string | undefined
  serviceId: number
  /** Writes the paths of `count` freshly minted links to a file and answers its name. */
  mintPaths(count: number): Promise<string>
  remove(): Promise<void>
}

/** The registered sender. */
export const FROM = 'news@example.com'

/** `furnish` adds what a single row needs on top. */
export async function createInstallation(
  engine: Engine,
  furnish: (capabilities: Capabilities, service: Service) => Promise<void> = async () => {},
): Promise<Installation> {
  const dir = await mkdtemp(join(tmpdir(), 'kaijo-bench-'))
  const port = await freePort()
  const smtpPort = await freePort()
  const postgres = engine === 'postgres' ? await startPostgres({ dedicated: true, durable: true }) : undefined
  const env: NodeJS.ProcessEnv = {
    KAIJO_DATA_DIR: join(dir, 'data'),
    KAIJO_HTTP_LISTEN: `127.0.0.1:${port}`,
    KAIJO_SMTP_LISTEN: `127.0.0.1:${smtpPort}`,
    KAIJO_PUBLIC_URL: `http://localhost:${port}`,
    KAIJO_SECRET_KEYS: randomBytes(32).toString('hex'),
    KAIJO_LOG_LEVEL: 'error',
    ...(postgres && { KAIJO_DATABASE_URL: postgres.url }),
  }
  const capabilities = await openCapabilities({
    config: toConfig(env),
    log: createLogger({ level: 'silent' }),
  })
  const { database, ids, links } = capabilities
  const now = Date.now()
  const site = await createSite(database, { name: 'bench', now })
  const service = await createService(database, ids.list, { siteId: site.id, name: 'bench', now })
  const { classId } = await registerSender(database, ids.list, service, { address: FROM, now })
  await furnish(capabilities, service)
  await capabilities.close()

  let minted = 0
  return {
    env,
    port,
    smtpPort,
    dir,
    databaseUrl: postgres?.url,
    serviceId: service.id,
    mintPaths: async (count) => {
      const lines = Array.from({ length: count }, () => pathOf(minted++))
      const file = join(dir, `paths-${minted}.txt`)
      await writeFile(file, `${lines.join('\n')}\n`)
      return file
    },
    remove: async () => {
      await postgres?.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }

  function pathOf(number: number): string {
    const message = {
      kind: 'ours' as const,
      deliveryId: 1,
      bucket: number % 64,
      id: number + 1,
      domain: 'example.com',
    }
    const recipient = `${scattered(number)}@mail${number % 50}.example`
    const list = { kind: 'sender' as const, label: FROM, classId }
    return new URL(links.make(list, { recipient, mintedAt: now, message }).url).pathname
  }
}

/** Local parts in random order: a campaign's recipients do not answer alphabetically. */
function scattered(number: number): string {
  return `user${(Math.imul(number, 2_654_435_761) >>> 0).toString(36)}${number}`
}
