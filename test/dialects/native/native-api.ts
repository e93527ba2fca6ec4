import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import Fastify, { type InjectOptions } from 'fastify'
import { createAuthenticate } from '../../../src/access/authenticate.ts'
import { createConsoleAuth } from '../../../src/access/people/console-auth.ts'
import { createInbound } from '../../../src/app/inbound.ts'
import { createAcceptDelivery } from '../../../src/delivery/accept/accept.ts'
import { createCheckRecipients } from '../../../src/delivery/decide/check-recipients.ts'
import { createDkimStore } from '../../../src/delivery/dkim/dkim-store.ts'
import { createResend } from '../../../src/delivery/outbox/resend.ts'
import { createServiceRelays } from '../../../src/delivery/relay/service-relays.ts'
import type { NativeParts } from '../../../src/dialects/native/parts.ts'
import { registerNativeApi } from '../../../src/dialects/native/routes.ts'
import { examineDomain, lookUpTxt } from '../../../src/entry/cli/examine-installation.ts'
import { createNativeParts } from '../../../src/entry/http/parts/native-parts.ts'
import { createExportPasswords } from '../../../src/exports/export-passwords.ts'
import { startImportJob } from '../../../src/imports/applying/import-job.ts'
import { createReceiveImport } from '../../../src/imports/storing/receive.ts'
import { Keyring } from '../../../src/kernel/keyring.ts'
import { createInsertMail } from '../../../src/messages/sending/insert-mail.ts'
import { idSource } from '../../../src/storage/id-block.ts'
import { migrate } from '../../../src/storage/migrate.ts'
import { openDatabase } from '../../../src/storage/open-database.ts'
import { registerSecretKeys } from '../../../src/storage/secret-keys.ts'
import { createErasePerson } from '../../../src/subscribers/erase/erase-person.ts'
import { createErasures } from '../../../src/subscribers/erase/erasures.ts'
import { createImportSubscribers } from '../../../src/subscribers/import/import-subscribers.ts'
import { createRecorder } from '../../../src/suppression/changing/recorder.ts'
import { createLookUp } from '../../../src/suppression/deciding/look-up.ts'
import { createErasedPeople } from '../../../src/suppression/erased/erased.ts'
import { classDirectory } from '../../../src/tenants/class-directory.ts'
import { pageDirectory } from '../../../src/tenants/page-directory.ts'
import { serviceListsReader } from '../../../src/tenants/service-lists.ts'
import { createLinks } from '../../../src/tokens/link.ts'
import { createOpaqueStore } from '../../../src/unsubscribe/opaque-request.ts'
import { createUnverifiedStore } from '../../../src/unsubscribe/unverified-request.ts'
import type { TestEngine } from '../../support/engines.ts'
import { type Lifetime, tempDir } from '../../support/temp-dir.ts'

export const CONTROL_TOKEN = 'the-control-token'
export const ADMIN_KEY = 'key-of-the-admin'
export const VIEWER_KEY = 'key-of-the-viewer'
export const STRANGER_KEY = 'key-of-a-stranger'

/** 2026-11-21T09:30:00+09:00 */
export const NOW = Date.parse('2026-11-21T00:30:00Z')

const INSTALLATION = {
  sites: [
    {
      id: 1,
      name: 'acme',
      apiUsers: [
        { name: 'admin', key: ADMIN_KEY, role: 'group-admin' },
        { name: 'viewer', key: VIEWER_KEY, permissions: ['view'], services: ['news'] },
      ],
      services: [
        {
          id: 10,
          name: 'news',
          allowedDomains: ['example.com'],
          senders: ['news@example.com'],
          filters: [{ name: 'Tips', header: 'X-List', pattern: 'tips' }],
        },
        { id: 11, name: 'shop', senders: ['shop@example.com'] },
      ],
    },
    {
      id: 2,
      name: 'other',
      apiUsers: [{ name: 'stranger', key: STRANGER_KEY, role: 'group-admin' }],
      services: [{ id: 20, name: 'foreign' }],
    },
  ],
}

/** Where nobody listens. */
const NOWHERE = { href: 'http://127.0.0.1:1', prefix: '' }

// biome-ignore lint/suspicious/noExplicitAny: tests look into JSON of every shape
type Json = any

export type Answer = {
  status: number
  type: string
  body: Json
  text: string
  headers: Record<string, unknown>
}

/** What there is to test beyond the rooms below is the same on every engine. */
const SQLITE: Pick<TestEngine, 'open'> = {
  open: async (t) => {
    const database = await openDatabase({ kind: 'sqlite', file: `${tempDir(t)}/kaijo.sqlite` })
    await migrate(database)
    return database
  },
}

/** The native interface over a database of its own, with two sites; `change` replaces parts of it. */
export async function startNativeApi(
  t: Lifetime,
  {
    engine = SQLITE,
    change = () => ({}),
  }: { engine?: Pick<TestEngine, 'open'>; change?: (parts: NativeParts) => Partial<NativeParts> } = {},
) {
  let stopJob = async () => {}
  // First, since node:test runs clean-ups first come, first served: the database outlives what works on it.
  t.after(() => stopJob())
  const database = await engine.open(t)
  const time = { now: NOW }
  const clock = () => time.now
  const keyring = new Keyring([{ id: '0a1b2c', bytes: randomBytes(32) }])
  await registerSecretKeys(database, keyring, NOW)
  const erased = createErasedPeople(database, keyring)
  const lookUp = createLookUp(database, erased)
  const recorder = createRecorder(database, clock, erased)
  const links = createLinks({ keyring, publicUrl: 'https://u.example', inboundDomain: 'in.example' })
  const slept: number[] = []
  const authenticate = createAuthenticate({
    ...{ database, keyring, clock, onRefused: () => {} },
    sleep: async (ms) => slept.push(ms),
  })
  const ids = {
    list: idSource(database, 'list'),
    'api-user': idSource(database, 'api-user'),
    audit: idSource(database, 'audit'),
  }
  const acceptDelivery = createAcceptDelivery({
    ...{ database, lookUp, links, clock, onAccepted: () => {} },
    deliveryIds: idSource(database, 'delivery'),
    messageIds: idSource(database, 'message'),
    insertMail: createInsertMail(database),
    readServiceLists: serviceListsReader(database),
    handOff: { take: () => undefined, wake: () => {} },
  })
  const importJob = startImportJob({
    ...{ database, clock, erased },
    onError: (error) => {
      throw error
    },
  })
  stopJob = importJob.stop
  const receiveImport = createReceiveImport({
    ...{ database, clock, erased },
    importIds: idSource(database, 'import'),
    directory: join(tempDir(t), 'uploads'),
    onQueued: () => importJob.wake(),
  })
  const exportPasswords = createExportPasswords(database, keyring)
  const relays = createServiceRelays({ database, keyring, fallback: undefined })
  const checkRecipients = createCheckRecipients({ database, lookUp, clock })
  const publicParts = {
    ...{ links, recorder, directory: classDirectory(database), journal: { pending: false } },
    opaque: createOpaqueStore(database),
    unverified: createUnverifiedStore(database),
  }
  const inbound = createInbound({
    ...{ config: { inboundDomain: 'in.example' }, database, keyring, clock, links, erased },
    askToConfirm: async () => 'asked',
    ids: { inbound: idSource(database, 'inbound') },
    meters: { inbound: () => {} },
    publicParts,
  })
  const erasing = { database, clock, erased, filesWait: () => false }
  const resend = createResend({ database, lookUp, clock, handOff: { wake: () => {} } })
  const parts = createNativeParts(
    {
      database,
      keyring,
      clock,
      ids,
      recorder,
      links,
      relays,
      exportPasswords,
      pages: pageDirectory({ database, prefix: '', onError: () => {} }),
      dkim: createDkimStore(database, keyring),
      lookUpTxt,
      examineDomain: (domain) => examineDomain({ publicUrl: NOWHERE }, domain),
      receiveImport,
      importSubscribers: createImportSubscribers({
        erased,
        database,
        clock,
        directory: join(tempDir(t), 'subscribers'),
      }),
      importJob,
      erased,
      erasures: createErasures({
        ...{ ...erasing, keyring, ids, erasePerson: createErasePerson(erasing) },
        onError: (error) => {
          throw error
        },
      }),
      inbound,
      publicParts,
      acceptDelivery,
      checkRecipients,
      resend,
      consoleAuth: createConsoleAuth({ database, keyring, clock, record: async () => {}, onError: () => {} }),
      consoleUrl: 'http://localhost:8080',
      publicUrl: 'https://u.example',
    },
    { controlToken: CONTROL_TOKEN, authenticate, clientAddress: () => '192.0.2.1' },
  )
  await parts.provision(INSTALLATION)
  const app = Fastify()
  await registerNativeApi(app, { ...parts, ...change(parts) })
  await app.ready()
  t.after(async () => {
    await app.close()
    await database.close()
  })

  const send = async (options: InjectOptions): Promise<Answer> => {
    const response = await app.inject(options)
    const type = String(response.headers['content-type'])
    const body =
      /^application\/(problem\+)?json/.test(type) && response.body !== '' ? response.json() : undefined
    return { status: response.statusCode, type, body, text: response.body, headers: response.headers }
  }
  /** A call as the admin of `acme`, unless `headers` say otherwise. `path` begins behind `/api/v1`. */
  const call = (
    method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    payload?: unknown,
    headers: Record<string, string> = {},
  ) =>
    send({
      method,
      url: `/api/v1${path}`,
      headers: { authorization: `Bearer ${ADMIN_KEY}`, ...headers },
      ...(payload === undefined ? {} : { payload: payload as object }),
    })
  return { app, database, keyring, parts, links, recorder, inbound, time, slept, send, call }
}
