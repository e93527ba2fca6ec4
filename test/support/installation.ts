import { join } from 'node:path'
import { after, before } from 'node:test'
import { type Capabilities, openCapabilities } from '../../src/app/capabilities.ts'
import { start } from '../../src/app/start.ts'
import { toConfig } from '../../src/config/to-config.ts'
import { createLogger, type Logger } from '../../src/kernel/log.ts'
import type { EngineName } from '../../src/storage/database.ts'
import { createFilter } from '../../src/tenants/filter.ts'
import type { FilterRequest } from '../../src/tenants/filter-rules.ts'
import type { List } from '../../src/tenants/list.ts'
import { resolveList } from '../../src/tenants/list.ts'
import { registerSender, type Sender, type SenderRequest } from '../../src/tenants/sender.ts'
import type { Service, ServiceChange } from '../../src/tenants/service.ts'
import { someService } from '../tenants/some-service.ts'
import { startMigratedPostgres } from './postgres.ts'
import { putMigratedSqlite } from './sqlite-template.ts'
import { type Lifetime, makeTempDir } from './temp-dir.ts'

/** A whole Kaijo in this process, as the application composes it, on a data directory of its own. */
export interface Installation {
  capabilities: Capabilities
  /** Moved by tests; what the installation takes for now. */
  time: { now: number }
  dataDir: string
  /** The main listener; '' where nothing is served. */
  url: string
  /** Where mail is taken, as host:port; '' where none is. */
  smtp: string
  /** The same for TLS from the first byte on, which `env` asks for. */
  smtps: string
  /** Where mail comes in, likewise. */
  inbound: string
  close(): Promise<void>
}

/** Times of tests start here: a Thursday noon in Tokyo. */
export const NOON = Date.UTC(2026, 9, 1, 3)

export interface InstallationOptions {
  env?: NodeJS.ProcessEnv
  databaseUrl?: string
  /** Of another installation, whose keys and database this one takes over. */
  dataDir?: string
  /** Silent unless given. */
  log?: Logger
  /** What it takes for now at first. */
  now?: number
  serves?:
    | 'http'
    | 'worker'
    | 'http,worker'
    | 'smtp'
    | 'smtp,worker'
    | 'inbound'
    | 'inbound,worker'
    | 'http,inbound,worker'
    | 'smtp,inbound,worker'
}

/**
 * Opens one. With `env` its settings; `databaseUrl` puts it on a PostgreSQL of the test's own; with `serves` it also runs
 * what a process of those services runs. It ends with the test, or earlier by `close`.
 */
export async function install(
  t: Lifetime,
  engine: EngineName,
  {
    env = {},
    databaseUrl,
    dataDir: given,
    now = NOON,
    serves,
    log = createLogger({ level: 'silent' }),
  }: InstallationOptions = {},
): Promise<Installation> {
  const { dir: dataDir, remove } =
    given === undefined ? makeTempDir() : { dir: given, remove: async () => {} }
  const own = engine === 'postgres' && databaseUrl === undefined ? await startMigratedPostgres() : undefined
  if (engine === 'sqlite' && given === undefined) await putMigratedSqlite(join(dataDir, 'kaijo.db'))
  let end: (() => Promise<void>) | undefined
  const close = async () => {
    const ending = end
    end = undefined
    await ending?.()
  }
  // One clean-up, since node:test runs them first come, first served.
  t.after(async () => {
    await close()
    await own?.stop()
    await remove()
  })
  const url = databaseUrl ?? own?.url
  const time = { now }
  const capabilities = await openCapabilities({
    config: toConfig({
      KAIJO_DATA_DIR: dataDir,
      KAIJO_HTTP_LISTEN: '127.0.0.1:0',
      KAIJO_SMTP_LISTEN: '127.0.0.1:0',
      KAIJO_INBOUND_LISTEN: '127.0.0.1:0',
      ...(url !== undefined && { KAIJO_DATABASE_URL: url }),
      ...(serves !== undefined && { KAIJO_SERVICES: serves }),
      ...env,
    }),
    log,
    clock: () => time.now,
  })
  end = capabilities.close
  const running = serves === undefined ? undefined : await start(capabilities)
  if (running) end = running.stop
  const { url: served = '', smtp, inbound = '' } = running ?? {}
  const listening = { url: served, smtp: smtp?.smtp ?? '', smtps: smtp?.smtps ?? '', inbound }
  return { capabilities, time, dataDir, ...listening, close }
}

/** One for all tests of a block, open while they run. To be called in the block itself. */
export function sharedInstallation(
  engine: EngineName,
  options: (t: Lifetime) => InstallationOptions | Promise<InstallationOptions> = () => ({}),
): () => Installation {
  let installation: Installation | undefined
  const cleanUps: (() => Promise<void>)[] = []
  before(async () => {
    const lifetime = { after: (cleanUp: () => Promise<void>) => void cleanUps.push(cleanUp) }
    installation = await install(lifetime, engine, await options(lifetime))
  })
  after(async () => {
    for (const cleanUp of cleanUps.reverse()) await cleanUp()
  })
  return () => installation as Installation
}

/** A service of one's own in an installation, with one sender that is on for one-click. */
export interface Tenant {
  service: Service
  sender: Sender
  /** The sender's list. */
  list: List
  addSender(request: SenderRequest): Promise<Sender>
  addFilter(request: FilterRequest): Promise<List>
  /** Puts recipients on a list of the service, as an operator would. */
  stop(ref: string, ...addresses: string[]): Promise<void>
  /** True when a mail from the sender would reach the recipient now. */
  wouldMail(recipient: string): Promise<boolean>
  /** A link of the sender's list in a mail of now. */
  linkOf(recipient: string): string
}

export async function addTenant(
  { capabilities, time }: Installation,
  { address = 'news@example.com', ...given }: ServiceChange & { address?: string } = {},
): Promise<Tenant> {
  const { database, recorder, links, checkRecipients } = capabilities
  const { service, listIds } = await someService(database, given)
  const addSender = (request: SenderRequest) =>
    registerSender(database, listIds, service, { ...request, now: time.now })
  const sender = await addSender({ address })
  const list = await resolveList(database, service.id, `sender:${address}`)
  return {
    service,
    sender,
    list,
    addSender,
    addFilter: async (request) => {
      await createFilter(database, listIds, service, { ...request, now: time.now })
      return resolveList(database, service.id, `filter:${request.name}`)
    },
    stop: async (ref, ...addresses) => {
      const { id } = await resolveList(database, service.id, ref)
      await Promise.all(
        addresses.map((recipient) =>
          recorder.record({
            kind: 'stop',
            listId: id,
            recipient: { address: recipient, key: recipient.toLowerCase() },
            requestedAt: time.now,
            source: 'api',
            reason: 'listed',
            messageId: null,
            mailedAt: null,
            evidence: null,
          }),
        ),
      )
    },
    wouldMail: async (recipient) => {
      const { deliverable } = await checkRecipients({ service, from: { address }, recipients: [recipient] })
      return deliverable.length === 1
    },
    linkOf: (recipient) => links.make(list, { recipient, mintedAt: time.now, message: null }).url,
  }
}
