import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findApiUserByName, withoutKey } from './access/api-user.ts'
import { createAuthenticate } from './access/authenticate.ts'
import {
  type Control,
  isControlToken,
  newControlToken,
  removeControlFile,
  writeControlFile,
} from './access/control-file.ts'
import { firstStart } from './access/first-start.ts'
import { openKeyring } from './access/open-keyring.ts'
import { type Config, toConfig } from './config/to-config.ts'
import { type AcceptDelivery, createAcceptDelivery } from './delivery/accept/accept.ts'
import { type CheckRecipients, createCheckRecipients } from './delivery/decide/check-recipients.ts'
import { createDkimStore, type DkimStore } from './delivery/dkim/dkim-store.ts'
import type { HandOff } from './delivery/outbox/hand-off.ts'
import { type Outbox, startOutbox } from './delivery/outbox/outbox.ts'
import { createResend, type Resend } from './delivery/outbox/resend.ts'
import { createRelay, type Relay } from './delivery/relay/relay.ts'
import { returnPathOf } from './delivery/relay/return-path.ts'
import { createServiceRelays, type ServiceRelays } from './delivery/relay/service-relays.ts'
import { registerNativeApi } from './dialects/native/routes.ts'
import { connect } from './entry/cli/connect.ts'
import { examineInstallation, lookUpTxt } from './entry/cli/examine-installation.ts'
import type { CliHost, Started } from './entry/cli/host.ts'
import { createHttpEntrance, type HttpEntranceParts } from './entry/http/http-entrance.ts'
import { createMeters, type Meters } from './entry/http/metrics.ts'
import { createNativeParts, provisionParts } from './entry/http/native-parts.ts'
import { createOperatorParts } from './entry/http/operator-parts.ts'
import { operatorRoutes } from './entry/http/operator-routes.ts'
import { createSubmission, type Opened, type SubmissionParts } from './entry/smtp/submission.ts'
import { endLeases } from './jobs/leases.ts'
import { type Schedule, startSchedule } from './jobs/schedule.ts'
import { type Clock, systemClock } from './kernel/clock.ts'
import type { Keyring } from './kernel/keyring.ts'
import { createLogger, type Logger } from './kernel/log.ts'
import { createInsertMail } from './messages/insert-mail.ts'
import { purgeContents, purgeKeptMail } from './messages/purge-contents.ts'
import { purgeDeliveries, purgeMessages } from './messages/purge-messages.ts'
import { queueDepth } from './messages/queue-depth.ts'
import type { AttemptResult } from './messages/settle-attempts.ts'
import { type DataLock, lockDataDirectory } from './storage/data-lock.ts'
import type { Database } from './storage/database.ts'
import { type IdSource, idSource } from './storage/id-block.ts'
import { type Journal, openJournal } from './storage/journal.ts'
import { migrate, newest } from './storage/migrate.ts'
import { openDatabase } from './storage/open-database.ts'
import { watchOutages } from './storage/watch-outages.ts'
import { createLookUp, type LookUp } from './suppression/look-up.ts'
import { purgeEvents, purgeLapsed } from './suppression/purge.ts'
import { createRecorder, type Recorder } from './suppression/recorder.ts'
import { classDirectory } from './tenants/class-directory.ts'
import { findServices } from './tenants/service.ts'
import { serviceListsReader } from './tenants/service-lists.ts'
import { createLinks, type Links } from './tokens/link.ts'
import {
  type AcceptParts,
  createAcceptRequest,
  createCarryOut,
  type PublicRequest,
} from './unsubscribe/accept-request.ts'
import { behindJournal } from './unsubscribe/behind-journal.ts'
import { clientAddressReader } from './unsubscribe/client-address.ts'
import { createFindPage } from './unsubscribe/find-page.ts'
import { createOpaqueStore } from './unsubscribe/opaque-request.ts'
import { type JournalReplay, replayJournal, startJournalReplay } from './unsubscribe/replay-journal.ts'
import { createUnverifiedStore } from './unsubscribe/unverified-request.ts'

/*
 * The only place where the parts meet: configuration -> storage -> capabilities -> entrances. What needs a
 * lower room to call a higher one is handed in here as a function.
 */

const HOUR_MS = 3_600_000

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
  /** A service's own, or else `relay`. */
  relays: ServiceRelays
  acceptDelivery: AcceptDelivery
  checkRecipients: CheckRecipients
  resend: Resend
  publicParts: AcceptParts
  meters: Meters
  /** Things learned at the start that an operator should know. */
  warnings: readonly string[]
  /** Takes accepted messages straight to the outbox, where this process runs one. */
  handOff: HandOff
  /** Where results of attempts wait while the database is away. */
  results: Journal<AttemptResult>
  close(): Promise<void>
}

/**
 * Takes the data directory, opens and migrates the database, checks the keys and builds the capabilities. Throws
 * DataDirectoryInUse, ConfigError, DatabaseUnavailable, or SecretKeysRefused.
 */
export async function openCapabilities({
  config,
  log,
  clock = systemClock,
}: AppOptions): Promise<Capabilities> {
  const lock = lockDataDirectory(config.dataDir)
  let database: Database | undefined
  try {
    database = await openDatabase(config.database)
    await migrate(database)
    const { keyring, warnings } = await openKeyring({ config, database, clock })
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
  const { config, log, clock, keyring, lock, warnings } = foundations
  const { database, lastAway } = watchOutages(foundations.database, clock)
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
  const results = await openJournal<AttemptResult>(join(config.dataDir, 'results'))
  // Only PostgreSQL is shared with processes whose journals are not ours to see.
  const shared = database.engine === 'postgres'
  const lookUp = behindJournal({
    lookUp: createLookUp(database),
    journal,
    clock,
    lastAway: () => (shared ? lastAway() : undefined),
  })
  const dkim = createDkimStore(database, keyring)
  const relay = config.relay && createRelay(config.relay)
  const relays = createServiceRelays({ database, keyring, fallback: relay })
  const meters = createMeters({
    queue: () => queueDepth(database, clock()),
    recorderDepth: () => recorder.depth,
    journalPending: () => journal.pending,
  })
  const handOff: HandOff = { wake: () => {}, take: () => undefined }
  const acceptDelivery = createAcceptDelivery({
    database,
    lookUp,
    links,
    clock,
    deliveryIds: ids.delivery,
    messageIds: ids.message,
    insertMail: createInsertMail(database),
    readServiceLists: serviceListsReader(database),
    handOff,
    onAccepted: ({ excluded }) => {
      for (const [list, count] of Object.entries(excluded)) meters.excluded(list.replace(/:.*/s, ''), count)
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
    relays,
    acceptDelivery,
    checkRecipients: createCheckRecipients({ database, lookUp, clock }),
    resend: createResend({ database, lookUp, clock, handOff }),
    publicParts,
    meters,
    warnings,
    handOff,
    results,
    close: async () => {
      await recorder.idle()
      await journal.close()
      await results.close()
      relay?.close()
      relays.close()
      await database.close()
      lock.release()
    },
  }
}

export interface Running {
  /** Where the main listener is; undefined when this process runs none. */
  url: string | undefined
  /** Where mail is taken; undefined when this process takes none. */
  smtp: Opened | undefined
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
  const { config, log } = capabilities
  const runs = (service: 'http' | 'smtp' | 'worker') => !controlOnly && config.services.has(service)
  const token = newControlToken()
  const endings = [() => capabilities.close()]
  const stop = async () => {
    for (const end of endings.toReversed()) await end()
  }
  try {
    const http = await createHttpEntrance(httpParts(capabilities, token))
    const replay = await startReplay(capabilities)
    endings.push(() => replay.stop())
    // Whoever held leases on this SQLite database is gone: the data directory is locked.
    if (capabilities.database.engine === 'sqlite' && !controlOnly) await endLeases(capabilities.database)
    if (runs('worker')) {
      const [outbox, tidying] = [startSending(capabilities), startTidying(capabilities)]
      endings.push(
        () => tidying.stop(),
        () => outbox.stop(),
      )
    }
    endings.push(() => http.close())
    const url = runs('http') ? await http.open() : undefined
    const submission = createSubmission(submissionParts(capabilities))
    endings.push(() => submission.close())
    const smtp = runs('smtp') ? await submission.open() : undefined
    const control = { url: await http.openControl(), token }
    // Another command waits for this one to end rather than lean on it.
    if (!controlOnly) {
      endings.push(() => removeControlFile(config.dataDir))
      await writeControlFile(config.dataDir, control)
    }
    log.info({ url, ...smtp }, 'started')
    return { url, smtp, control, stop }
  } catch (error) {
    // What is half open would keep the process alive.
    await stop()
    throw error
  }
}

function submissionParts(capabilities: Capabilities): SubmissionParts {
  const { database, meters } = capabilities
  return {
    ...capabilities,
    authenticate: createAuthenticate({ ...capabilities, sleep, onRefused: meters.refused }),
    findApiUser: async (name) => {
      const user = await findApiUserByName(database, name)
      return user && withoutKey(user)
    },
    findServices: (siteId) => findServices(database, siteId),
    onOutcome: meters.submission,
  }
}

function httpParts(capabilities: Capabilities, controlToken: string): HttpEntranceParts {
  const { config, clock, database, log, lookUp, meters, publicParts } = capabilities
  const authenticate = createAuthenticate({ ...capabilities, sleep, onRefused: meters.refused })
  const native = createNativeParts(capabilities, { controlToken, authenticate })
  const operator = createOperatorParts({
    ...capabilities,
    lookUpTxt,
    examine: () => examineInstallation(capabilities),
  })
  return {
    config,
    log,
    health: {
      probe: async () => void (await newest(database)),
      journalPending: () => publicParts.journal.pending,
      registry: meters.registry,
      isOperator: ({ headers }) =>
        isControlToken(controlToken, headers.authorization?.replace('Bearer ', '') ?? ''),
    },
    publicEndpoint: {
      prefix: config.publicUrl.prefix,
      accept: createAcceptRequest(publicParts),
      findPage: createFindPage({ ...publicParts, database, lookUp, clock }),
      clientAddress: clientAddressReader(config.trustedProxies),
      now: clock,
      onOutcome: meters.request,
      onError: (err) => log.error({ err }, 'a public request failed'),
    },
    interfaces: [(app) => registerNativeApi(app, native, (api) => operatorRoutes(api, operator))],
  }
}

/** Serves until a signal ends the process. The very first start makes a site, a service and credentials. */
async function serve(env: NodeJS.ProcessEnv, onStarted: (started: Started) => void): Promise<void> {
  const config = toConfig(env)
  const log = createLogger({ level: config.logLevel })
  // Addresses stand in the files that this process makes: they are for its user alone.
  process.umask(0o077)
  // Listened for from here on: a signal that comes while Kaijo starts ends it in good order too.
  const signalled = new Promise<string>((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
  })
  const capabilities = await openCapabilities({ config, log })
  const running = await start(capabilities)
  // Once it listens: a start that fails would take along the only sight of the key.
  const created = await firstStart(provisionParts(capabilities, 'operator')).catch(async (error) => {
    await running.stop()
    throw error
  })
  const { warnings } = capabilities
  onStarted({ url: running.url, smtp: running.smtp, publicUrl: config.publicUrl.href, warnings, created })
  log.info({ signal: await signalled }, 'stopping')
  await running.stop()
}

/** Removes what lapsed long ago. Nothing depends on it: look-ups are right without it. */
function startTidying({ database, clock, log }: Capabilities): Schedule {
  const run = async (now: number, signal: AbortSignal) => {
    const removed = {
      lapsed: await purgeLapsed(database, now),
      events: await purgeEvents(database, now),
      contents: await purgeContents(database, now, { signal }),
      keptMail: await purgeKeptMail(database, now, { signal }),
      messages: await purgeMessages(database, now, { signal }),
      deliveries: await purgeDeliveries(database, now, { signal }),
    }
    if (Object.values(removed).some((count) => count > 0)) log.info(removed, 'purged')
  }
  const onError = (err: unknown) => log.error({ err }, 'purging failed')
  return startSchedule({ database, clock, onError }, { name: 'purge', everyMs: HOUR_MS, run })
}

/** What the command line needs of the application. */
export function cliHost(env: NodeJS.ProcessEnv, version: string): CliHost {
  const startHere = async (config: Config) => {
    const log = createLogger({ level: 'silent' })
    return start(await openCapabilities({ config, log }), { controlOnly: true })
  }
  return {
    env,
    version,
    serve: (onStarted) => serve(env, onStarted),
    connect: async () => connect(toConfig(env), startHere),
  }
}

/** Replays what an earlier run left in its journal before anything else, then keeps watching it. */
async function startReplay({ publicParts, database, log }: Capabilities): Promise<JournalReplay> {
  const { journal } = publicParts
  // What is in the journal was acknowledged: it is kept even where a table has its fill.
  const carryOut = createCarryOut({
    ...publicParts,
    opaque: createOpaqueStore(database, Number.POSITIVE_INFINITY),
    unverified: createUnverifiedStore(database, Number.POSITIVE_INFINITY),
  })
  const replayed = (count: number) => log.info({ count }, 'requests replayed from the journal')
  const failed = (err: unknown) => log.error({ err }, 'a request in the journal could not be carried out')
  if (journal.pending) replayed(await replayJournal(journal, carryOut, failed))
  return startJournalReplay(journal, carryOut, { replayed, failed })
}

function startSending(capabilities: Capabilities): Outbox {
  const { config, keyring, log, relays, handOff } = capabilities
  const onError = (err: unknown) => log.error({ err }, 'an attempt failed')
  const outbox = startOutbox({
    ...capabilities,
    relayOf: (serviceId) => relays.of(serviceId),
    returnPath: returnPathOf({ inboundDomain: config.inboundDomain, keyring }),
    onError,
  })
  handOff.take = outbox.take
  handOff.wake = outbox.wake
  return outbox
}
