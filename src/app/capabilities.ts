import { join } from 'node:path'
import type { Authenticate } from '../access/authenticate.ts'
import { openKeyring } from '../access/open-keyring.ts'
import { type ConsoleAuth, createConsoleAuth } from '../access/people/console-auth.ts'
import { createPersonSignInRecord } from '../access/people/sign-in-record.ts'
import type { Config } from '../config/to-config.ts'
import { type AcceptDelivery, createAcceptDelivery } from '../delivery/accept/accept.ts'
import { type CheckRecipients, createCheckRecipients } from '../delivery/decide/check-recipients.ts'
import { createDkimStore, type DkimStore } from '../delivery/dkim/dkim-store.ts'
import type { HandOff } from '../delivery/outbox/hand-off.ts'
import { createResend, type Resend } from '../delivery/outbox/resend.ts'
import { createRelay, type Relay } from '../delivery/relay/relay.ts'
import { createServiceRelays, type ServiceRelays } from '../delivery/relay/service-relays.ts'
import { createMeters, type Meters } from '../entry/http/metrics.ts'
import { createExportPasswords, type ExportPasswords } from '../exports/export-passwords.ts'
import { createReceiveImport, type ReceiveImport } from '../imports/storing/receive.ts'
import { openUploads } from '../imports/storing/upload.ts'
import { type Clock, systemClock } from '../kernel/clock.ts'
import type { Keyring } from '../kernel/keyring.ts'
import type { Logger } from '../kernel/log.ts'
import { queueDepthReader } from '../messages/reading/queue-depth.ts'
import { createInsertMail } from '../messages/sending/insert-mail.ts'
import type { AttemptResult } from '../messages/sending/settle-attempts.ts'
import { type DataLock, lockDataDirectory } from '../storage/data-lock.ts'
import type { Database } from '../storage/database.ts'
import { type IdSource, idSource } from '../storage/id-block.ts'
import { type Journal, openJournal } from '../storage/journal.ts'
import { migrate } from '../storage/migrate.ts'
import { openDatabase } from '../storage/open-database.ts'
import { watchOutages } from '../storage/watch-outages.ts'
import { type AskToConfirm, createAskToConfirm } from '../subscribers/confirm/ask-to-confirm.ts'
import { createErasePerson } from '../subscribers/erase/erase-person.ts'
import { createErasures, type Erasures } from '../subscribers/erase/erasures.ts'
import { createImportSubscribers, type ImportSubscribers } from '../subscribers/import/import-subscribers.ts'
import { createJoin, type Join } from '../subscribers/join.ts'
import { type CancelStops, createCancelStops } from '../suppression/changing/cancel-stops.ts'
import { createRecorder, type Recorder } from '../suppression/changing/recorder.ts'
import { createLookUp, type LookUp } from '../suppression/deciding/look-up.ts'
import { createErasedPeople, type ErasedPeople } from '../suppression/erased/erased.ts'
import { classDirectory } from '../tenants/class-directory.ts'
import { type PageDirectory, pageDirectory } from '../tenants/page-directory.ts'
import { serviceListsReader } from '../tenants/service-lists.ts'
import { createLinks, type Links } from '../tokens/link.ts'
import type { AcceptParts, PublicRequest } from '../unsubscribe/accept-request.ts'
import { behindJournal } from '../unsubscribe/behind-journal.ts'
import { createOpaqueStore } from '../unsubscribe/opaque-request.ts'
import { createUnverifiedStore } from '../unsubscribe/unverified-request.ts'
import { createInbound, type Inbound } from './inbound.ts'
import { createSignIn } from './sign-in.ts'

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
  ids: Record<'delivery' | 'message' | 'list' | 'api-user' | 'import' | 'inbound' | 'audit', IdSource>
  recorder: Recorder
  lookUp: LookUp
  cancelStops: CancelStops
  links: Links
  dkim: DkimStore
  relay: Relay | undefined
  /** A service's own, or else `relay`. */
  relays: ServiceRelays
  exportPasswords: ExportPasswords
  /** How the public pages of services look. */
  pages: PageDirectory
  /** Signs API users in. */
  authenticate: Authenticate
  /** Signs people in. */
  consoleAuth: ConsoleAuth
  consoleUrl: string
  /** What the URLs of public pages begin with, without a trailing slash. */
  publicUrl: string
  acceptDelivery: AcceptDelivery
  checkRecipients: CheckRecipients
  resend: Resend
  receiveImport: ReceiveImport
  importSubscribers: ImportSubscribers
  erased: ErasedPeople
  erasures: Erasures
  join: Join
  /** Mails a link, by which somebody confirms that they want to join. */
  askToConfirm: AskToConfirm
  inbound: Inbound
  /** Woken when there is something to import, where this process imports. */
  importJob: { wake(): void }
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
    import: idSource(database, 'import'),
    inbound: idSource(database, 'inbound'),
    audit: idSource(database, 'audit'),
  }
  const links = createLinks({
    keyring,
    publicUrl: config.publicUrl.href,
    inboundDomain: config.inboundDomain,
  })
  const erased = createErasedPeople(database, keyring)
  const recorder = createRecorder(database, clock, erased)
  const journal = await openJournal<PublicRequest>(join(config.dataDir, 'journal'))
  const results = await openJournal<AttemptResult>(join(config.dataDir, 'results'))
  // Only PostgreSQL is shared with processes whose journals are not ours to see.
  const shared = database.engine === 'postgres'
  const lookUp = behindJournal({
    lookUp: createLookUp(database, erased),
    journal,
    clock,
    lastAway: () => (shared ? lastAway() : undefined),
  })
  const dkim = createDkimStore(database, keyring)
  const relay = config.relay && createRelay(config.relay)
  const relays = createServiceRelays({ database, keyring, fallback: relay })
  const meters = createMeters({
    queue: queueDepthReader(database, clock),
    recorderDepth: () => recorder.depth,
    journalPending: () => journal.pending,
  })
  const importJob = { wake: () => {} }
  const uploads = join(config.dataDir, 'uploads')
  await openUploads(uploads)
  const receiveImport = createReceiveImport({
    database,
    clock,
    erased,
    importIds: ids.import,
    directory: uploads,
    onQueued: () => importJob.wake(),
  })
  const handOff: HandOff = { wake: () => {}, take: () => undefined }
  const readServiceLists = serviceListsReader(database)
  const acceptDelivery = createAcceptDelivery({
    database,
    lookUp,
    links,
    clock,
    deliveryIds: ids.delivery,
    messageIds: ids.message,
    insertMail: createInsertMail(database),
    readServiceLists,
    handOff,
    onAccepted: ({ excluded }) => {
      for (const [list, count] of Object.entries(excluded)) meters.excluded(list.replace(/:.*/s, ''), count)
    },
  })
  const publicParts: AcceptParts = {
    directory: classDirectory(database),
    links,
    recorder,
    opaque: createOpaqueStore(database, erased),
    unverified: createUnverifiedStore(database, erased),
    journal,
  }
  const joinService = createJoin(database, clock, erased)
  const askToConfirm = createAskToConfirm({
    ...{ database, acceptDelivery, readServiceLists, keyring, clock },
    publicUrl: config.publicUrl.href,
    inboundDomain: config.inboundDomain,
  })
  const inbound = createInbound({
    ...{ config, database, keyring, clock, links, erased, publicParts, meters, askToConfirm },
    ids,
  })
  const erasing = { database, clock, erased, filesWait: () => journal.pending || results.pending }
  const erasures = createErasures({
    ...{ ...erasing, keyring, ids, erasePerson: createErasePerson(erasing) },
    onError: (err) => log.error({ err }, 'an erasure could not go on'),
  })
  return {
    config,
    log,
    clock,
    database,
    keyring,
    ids,
    recorder,
    lookUp,
    cancelStops: createCancelStops({ database, lookUp, clock, erased }),
    links,
    dkim,
    relay,
    relays,
    exportPasswords: createExportPasswords(database, keyring),
    pages: pageDirectory({
      database,
      prefix: config.publicUrl.prefix,
      onError: (err) => log.error({ err }, 'the look of a page could not be read'),
    }),
    authenticate: createSignIn({ database, keyring, clock, ids, meters, log }),
    consoleAuth: createConsoleAuth({
      ...config,
      database,
      keyring,
      clock,
      record: createPersonSignInRecord({ database, clock, auditIds: ids.audit }),
      onError: (err) => log.error({ err }, 'signing in failed'),
    }),
    consoleUrl: config.consoleUrl,
    publicUrl: config.publicUrl.href,
    acceptDelivery,
    checkRecipients: createCheckRecipients({ database, lookUp, clock }),
    resend: createResend({ database, lookUp, clock, handOff }),
    receiveImport,
    importSubscribers: createImportSubscribers({ database, clock, erased, directory: uploads }),
    erased,
    erasures,
    join: joinService,
    askToConfirm,
    inbound,
    importJob,
    publicParts,
    meters,
    warnings,
    handOff,
    results,
    close: async () => {
      // In reverse order; a part that cannot be closed does not keep the others open.
      const held = new AsyncDisposableStack()
      held.defer(() => lock.release())
      held.defer(() => database.close())
      held.defer(() => relays.close())
      held.defer(() => relay?.close())
      held.defer(() => results.close())
      held.defer(() => journal.close())
      held.defer(() => recorder.idle())
      held.defer(() => erasures.stop())
      await held.disposeAsync()
    },
  }
}
