import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { provision } from '../../../src/access/provision/provision.ts'
import type { ProvisionParts } from '../../../src/access/provision/provision-parts.ts'
import { createRelayUrls } from '../../../src/delivery/relay/relay-urls.ts'
import { createExportPasswords } from '../../../src/exports/export-passwords.ts'
import { Keyring } from '../../../src/kernel/keyring.ts'
import { type Mistakes, mistakesOf } from '../../../src/kernel/mistakes.ts'
import { idSource } from '../../../src/storage/id-block.ts'
import { createProvisionForms } from '../../../src/subscribers/forms/provision-forms.ts'
import type { TestEngine } from '../../support/engines.ts'
import type { Lifetime } from '../../support/temp-dir.ts'

export const FILE = `
sites:
  - id: 1
    name: acme
    apiUsers:
      - { name: api@acme.example, key: "vendor-key-1", role: group-admin, permissions: [view, download], services: [news] }
    services:
      - id: 10
        name: news
        timeZone: Asia/Tokyo
        lifetimeDays: { sender: 90 }
        allowedDomains: [example.com, 例え.テスト]
        senders: [news@example.com, { address: shop@example.com, oneClick: false }]
        filters: [{ name: 配信リストA, header: List-Id, pattern: "<a.example.com>", match: exact }]
`

/** What a file is applied to, and what came of it. */
export async function setUp(engine: TestEngine, t: Lifetime) {
  const database = await engine.open(t)
  const keyring = new Keyring([{ id: 'ring', bytes: randomBytes(32) }])
  const actions: string[] = []
  const details: Record<string, unknown>[] = []
  const relays = createRelayUrls(database, keyring)
  const parts: ProvisionParts = {
    database,
    keyring,
    clock: () => 1_000,
    listIds: idSource(database, 'list'),
    apiUserIds: idSource(database, 'api-user'),
    baseUrl: ({ classId }) => `https://u.example/${classId}`,
    inboundAddresses: ({ id }) => ({
      ...{ signUp: `join-${id}@in.example`, complaints: null, unsubscribe: 'unsub@in.example' },
    }),
    relays,
    exportPasswords: createExportPasswords(database, keyring),
    forms: createProvisionForms({ database, clock: () => 1_000, publicUrl: 'https://u.example' }),
    record: async ({ action, subject, detail }) => {
      actions.push(`${action} ${subject}`)
      details.push(detail)
    },
  }
  const refused = async (file: unknown) => {
    const error = await provision(parts, file).then(
      () => assert.fail('was not refused'),
      (reason: Mistakes) => reason,
    )
    return mistakesOf(error).map(({ code, field }) => `${code} ${field}`)
  }
  return {
    database,
    parts,
    relays,
    actions,
    details,
    apply: (file: unknown) => provision(parts, file),
    refused,
  }
}

/** A file with this change of the site alone. */
export const site = (change: object) => ({ sites: [{ id: 1, name: 'acme', ...change }] })
/** A file with this change of the service alone. */
export const service = (change: object) => site({ services: [{ id: 10, name: 'news', ...change }] })
