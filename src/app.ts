import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createAuthenticate } from './access/authenticate.ts'
import { type Config, toConfig } from './config/to-config.ts'
import { toSecrets } from './config/to-secrets.ts'
import { type AcceptDelivery, createAcceptDelivery } from './delivery/accept.ts'
import { createAttempts } from './delivery/attempt.ts'
import { type CheckRecipients, createCheckRecipients } from './delivery/check-recipients.ts'
import { createDkimStore, type DkimStore } from './delivery/dkim-store.ts'
import { type Outbox, startOutbox } from './delivery/outbox.ts'
import { createRelay, type Relay } from './delivery/relay.ts'
import type { NativeParts } from './dialects/native/parts.ts'
import { registerNativeApi } from './dialects/native/routes.ts'
import type { CliHost, Connection } from './entry/cli/host.ts'
import {
  type Control,
  newControlToken,
  readControlFile,
  removeControlFile,
  writeControlFile,
} from './entry/http/control-file.ts'
import { createHttpApp } from './entry/http/http-app.ts'
import { createMeters, type Meters } from './entry/http/metrics.ts'
import { createNativeParts } from './entry/http/native-parts.ts'
import { createPublicEndpoint } from './entry/http/public-endpoint.ts'
import { createServer, type HttpListener, listen, readCertificate } from './entry/http/server.ts'
import { type Clock, systemClock } from './kernel/clock.ts'
import { Keyring } from './kernel/keyring.ts'
import { createLogger, type Logger } from './kernel/log.ts'
import { queueDepth } from './messages/outbox-store.ts'
import { DataDirectoryInUse, type DataLock, lockDataDirectory } from './storage/data-lock.ts'
import type { Database } from './storage/database.ts'
import { DatabaseUnavailable } from './storage/database-errors.ts'
import { type IdSource, idSource } from './storage/id-block.ts'
import { migrate, newest } from './storage/migrate.ts'
import { openDatabase } from './storage/open-database.ts'
import { registerSecretKeys } from './storage/secret-keys.ts'
import { createLookUp, type LookUp } from './suppression/look-up.ts'
import { createRecorder, type Recorder } from './suppression/recorder.ts'
import { classDirectory } from './tenants/class-directory.ts'
import { createLinks, type Links } from './tokens/link.ts'
import {
  type AcceptParts,
  createAcceptRequest,
  createCarryOut,
  type PublicRequest,
} from './unsubscribe/accept-request.ts'
import { clientAddressReader } from './unsubscribe/client-address.ts'
import { createFindPage } from './unsubscribe/find-page.ts'
import { openJournal } from './unsubscribe/journal.ts'
import { createOpaqueStore } from './unsubscribe/opaque-request.ts'
import { type JournalReplay, replayJournal, startJournalReplay } from './unsubscribe/replay-journal.ts'
import { createUnverifiedStore } from './unsubscribe/unverified-request.ts'

/*
 * The only place where the parts meet: configuration -> storage -> capabilities -> entrances. What needs a
 * lower room to call a higher one is handed in here as a function.
 */

export interface AppOptions {
  config: Config
  log: Logger
  clock?: Clock | undefined
}

/** Everything that Kaijo can do, before anyone can reach it. */
export interface Capabilities {
  config: Config
  log: Logger
  clock: Clock
  database: Database
  keyring: Keyring
  ids: Record<'delivery' | 'message' | 'list' | 'api-user' | 'audit', IdSource>
  recorder: Recorder
  lookUp: LookUp
  links: Links
  dkim: DkimStore
  relay: Relay | undefined
  acceptDelivery: AcceptDelivery
  checkRecipients: CheckRecipients
  publicParts: AcceptParts
  meters: Meters
  /** Things learned at the start that an operator should know. */
  warnings: readonly string[]
  /** Called when there is new work for the outbox. */
  onAccepted: { wake(): void }
  close(): Promise<void>
}

/**
 * Takes the data directory, opens and migrates the database, checks the keys and builds the capabilities. Throws
 * DataDirectoryInUse, ConfigError, DatabaseUnavailable, or an Error that names missing keys.
 */
export async function openCapabilities({
  config,
  log,
  clock = systemClock,
}: AppOptions): Promise<Capabilities> {
  const { keys, warnings } = await toSecrets(config)
  const keyring = new Keyring(keys)
  const lock = lockDataDirectory(config.dataDir)
  let database: Database | undefined
  try {
    database = await openDatabase(config.database)
    await migrate(database)
    await registerSecretKeys(database, keyring, clock())
    return await compose({ config, log, clock, keyring, database, lock, warnings })
  } catch (error) {
    await database?.close()
    lock.release()
    throw error
  }
}

interface Foundations {
  config: Config
  log: Logger
  clock: Clock
  keyring: Keyring
  database: Database
  lock: DataLock
  warnings: readonly string[]
}

async function compose(foundations: Foundations): Promise<Capabilities> {
  const { config, log, clock, keyring, database, lock, warnings } = foundations
  const ids = {
    delivery: idSource(database, 'delivery'),
    message: idSource(database, 'message'),
    list: idSource(database, 'list'),
    'api-user': idSource(database, 'api-user'),
    audit: idSource(database, 'audit'),
  }
  const links = createLinks({
    keyring,
    publicUrl: config.publicUrl.href,
    inboundDomain: config.inboundDomain,
  })
  const recorder = createRecorder(database, clock)
  const journal = await openJournal<PublicRequest>(join(config.dataDir, 'journal'))
  const lookUp = behindJournal(createLookUp(database), journal)
  const dkim = createDkimStore(database, keyring)
  const relay = config.relay && createRelay(config.relay)
  const meters = createMeters({
    queue: () => queueDepth(database, clock()),
    recorderDepth: () => recorder.depth,
    journalPending: () => journal.pending,
  })
  const onAccepted = { wake: () => {} }
  const acceptDelivery = createAcceptDelivery({
    database,
    lookUp,
    clock,
    deliveryIds: ids.delivery,
    messageIds: ids.message,
    onAccepted: ({ excluded }) => {
      for (const [list, count] of Object.entries(excluded)) meters.excluded(list.replace(/:.*/s, ''), count)
      onAccepted.wake()
    },
  })
  const publicParts: AcceptParts = {
    directory: classDirectory(database),
    links,
    recorder,
    opaque: createOpaqueStore(database),
    unverified: createUnverifiedStore(database),
    journal,
  }
  return {
    config,
    log,
    clock,
    database,
    keyring,
    ids,
    recorder,
    lookUp,
    links,
    dkim,
    relay,
    acceptDelivery,
    checkRecipients: createCheckRecipients({ database, lookUp, clock }),
    publicParts,
    meters,
    warnings,
    onAccepted,
    close: async () => {
      await recorder.idle()
      await journal.close()
      relay?.close()
      await database.close()
      lock.release()
    },
  }
}

/** Requests that still wait in the journal may be about the very recipients that are asked for: nobody is mailed before. */
function behindJournal(lookUp: LookUp, journal: { readonly pending: boolean }): LookUp {
  return async (keys) => {
    if (journal.pending) throw new DatabaseUnavailable('requests in the journal have to be replayed first')
    return lookUp(keys)
  }
}

export interface Running {
  /** Where the main listener is; undefined when this process runs none. */
  url: string | undefined
  /** Where the operator's commands go, on loopback. */
  control: Control
  /** Stops taking work, finishes what is under way, loses nothing. */
  stop(): Promise<void>
}

/**
 * Starts what the configuration says on top of the capabilities: replay of the journal first, then sending, then the
 * listeners. With `controlOnly` nothing but the operator's listener: how commands work when no server runs.
 */
export async function start(capabilities: Capabilities, { controlOnly = false } = {}): Promise<Running> {
  const { config, clock, database, publicParts, log } = capabilities
  const runs = (service: 'http' | 'worker') => !controlOnly && config.services.has(service)
  const token = newControlToken()
  const certificate = config.tls && (await readCertificate(config.tls))
  const withPublicEndpoint = createPublicListener(capabilities)
  const app = await createHttpApp({
    log,
    certificate,
    withPublicEndpoint,
    health: {
      probe: async () => void (await newest(database)),
      journalPending: () => publicParts.journal.pending,
      registry: capabilities.meters.registry,
      isOperator: (request) => request.headers.authorization === `Bearer ${token}`,
    },
    interfaces: [(instance) => registerNativeApi(instance, nativeParts(capabilities, token))],
  })

  const replay = await startReplay(capabilities)
  const outbox = runs('worker') ? startSending(capabilities) : undefined
  const listeners: HttpListener[] = []
  if (runs('http')) listeners.push(await listen(app.server, config.httpListen))
  if (runs('http') && config.publicListen) {
    const server = createServer(withPublicEndpoint(notFound), certificate)
    listeners.push(await listen(server, config.publicListen))
  }
  const controlServer = createServer((request, response) => app.routing(request, response), undefined)
  const controlListener = await listen(controlServer, { host: '127.0.0.1', port: 0 })
  const control = { url: controlListener.url, token }
  await writeControlFile(config.dataDir, control)
  log.info({ startedAt: clock() }, 'started')

  return {
    url: runs('http') ? listeners[0]?.url : undefined,
    control,
    stop: async () => {
      await removeControlFile(config.dataDir)
      await Promise.all([...listeners, controlListener].map((listener) => listener.close()))
      await app.close()
      await outbox?.stop()
      await replay.stop()
      await capabilities.close()
    },
  }
}

/** Serves until a signal ends the process. */
async function serve(env: NodeJS.ProcessEnv): Promise<void> {
  const config = toConfig(env)
  const log = createLogger({ level: config.logLevel })
  const running = await start(await openCapabilities({ config, log }))
  const signal = await new Promise<string>((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
  })
  log.info({ signal }, 'stopping')
  await running.stop()
}

async function connect(env: NodeJS.ProcessEnv): Promise<Connection> {
  const config = toConfig(env)
  const log = createLogger({ level: 'silent' })
  try {
    const { control, stop } = await start(await openCapabilities({ config, log }), { controlOnly: true })
    return { ...control, close: stop }
  } catch (error) {
    const control = error instanceof DataDirectoryInUse ? await readControlFile(config.dataDir) : undefined
    if (!control) throw error
    return { ...control, close: async () => {} }
  }
}

/** What the command line needs of the application. */
export function cliHost(env: NodeJS.ProcessEnv, version: string): CliHost {
  return { env, version, serve: () => serve(env), connect: () => connect(env) }
}

function nativeParts(capabilities: Capabilities, controlToken: string): NativeParts {
  const { meters } = capabilities
  const authenticate = createAuthenticate({ ...capabilities, sleep, onRefused: meters.refused })
  return createNativeParts(capabilities, { controlToken, authenticate })
}

/** Puts the one-click endpoint in front of what else a listener serves. */
function createPublicListener({ config, log, clock, lookUp, publicParts, meters }: Capabilities) {
  const endpoint = createPublicEndpoint({
    prefix: config.publicUrl.prefix,
    accept: createAcceptRequest(publicParts),
    findPage: createFindPage({ ...publicParts, lookUp, clock }),
    clientAddress: clientAddressReader(config.trustedProxies),
    now: clock,
    onOutcome: meters.request,
    onError: (err) => log.error({ err }, 'a public request failed'),
  })
  return (otherwise: RequestListener): RequestListener =>
    (request, response) => {
      if (!endpoint(request, response)) otherwise(request, response)
    }
}

function notFound(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('Not found\n')
}

/** Replays what an earlier run left in its journal before anything else, then keeps watching it. */
async function startReplay({ publicParts, log }: Capabilities): Promise<JournalReplay> {
  const carryOut = createCarryOut(publicParts)
  const { journal } = publicParts
  const replayed = (count: number) => log.info({ count }, 'requests replayed from the journal')
  if (journal.pending) replayed(await replayJournal(journal, carryOut))
  return startJournalReplay(journal, carryOut, {
    replayed,
    failed: (err) => log.error({ err }, 'the journal could not be replayed'),
  })
}

function startSending(capabilities: Capabilities): Outbox {
  const { log, onAccepted } = capabilities
  const onError = (err: unknown) => log.error({ err }, 'an attempt failed')
  const outbox = startOutbox({
    ...capabilities,
    attempt: createAttempts({ ...capabilities, onError }),
    onError,
  })
  onAccepted.wake = outbox.wake
  return outbox
}
