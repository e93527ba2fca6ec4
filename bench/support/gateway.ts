import { randomBytes } from 'node:crypto'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { putApiUser } from '../../src/access/api-user.ts'
import type { Capabilities } from '../../src/app/capabilities.ts'
import { txtStrings } from '../../src/mail/dkim-keys.ts'
import { changeMany } from '../../src/suppression/changing/change-many.ts'
import { createFilter } from '../../src/tenants/filter.ts'
import { registerSender } from '../../src/tenants/sender.ts'
import type { Service } from '../../src/tenants/service.ts'
import { CAMPAIGN, isSuppressed, recipientOf } from './bench-mail.ts'
import { isListening, startChild } from './child.ts'
import { createInstallation, type Engine } from './installation.ts'
import type { MailServer } from './mail-server.ts'

const ALGORITHMS = ['rsa-sha256', 'ed25519-sha256'] as const
export type Algorithm = (typeof ALGORITHMS)[number]

/** A running Kaijo that relays to the sink. */
export interface Gateway extends MailServer {
  credentials: { user: string; key: string }
  /** Whether the mail, given as one character per byte, has exactly one signature, valid and of this algorithm. */
  isSigned(raw: string, algorithm: Algorithm): Promise<boolean>
}

/** The sender whose domain has a key of this algorithm only. */
export function senderOf(algorithm: Algorithm): string {
  return `news@${algorithm.slice(0, algorithm.indexOf('-'))}.example`
}

/**
 * A Kaijo with an API user, a sender for each algorithm, a filter that matches every mail, and the suppressed ones
 * among `count` recipients, half of them on the senders' lists and half on the filter's.
 */
export async function startGateway(engine: Engine, sinkPort: number, count: number): Promise<Gateway> {
  const credentials = { user: 'bench', key: randomBytes(24).toString('base64url') }
  const records = new Map<string, string>()
  const furnish = async (capabilities: Capabilities, service: Service) => {
    const { database, ids, keyring, recorder, dkim } = capabilities
    const now = Date.now()
    await putApiUser(database, ids['api-user'], keyring, {
      name: credentials.user,
      key: credentials.key,
      siteId: service.siteId,
      role: 'user',
      permissions: ['send'],
      services: [],
      now,
    })
    const senders: number[] = []
    for (const algorithm of ALGORITHMS) {
      const address = senderOf(algorithm)
      senders.push((await registerSender(database, ids.list, service, { address, now })).listId)
      const domain = address.slice(address.indexOf('@') + 1)
      for (const { dnsName, record } of await dkim.create({ domain, selector: 'k1', algorithm, now })) {
        records.set(dnsName, record)
      }
    }
    const suppressed = Array.from({ length: count }, (_, serial) => serial).filter(isSuppressed)
    const put = async (listId: number, half: number) => {
      const addresses = suppressed.filter((_, index) => index % 2 === half).map(recipientOf)
      const request = { requestedAt: now, source: 'import', kind: 'stop', reason: 'listed' } as const
      await changeMany(recorder, { ...request, listId, addresses })
    }
    for (const listId of senders) await put(listId, 0)
    const filter = { name: 'weekly', header: CAMPAIGN.header, pattern: CAMPAIGN.value, now }
    await put((await createFilter(database, ids.list, service, filter)).listId, 1)
  }

  const installation = await createInstallation(engine, furnish)
  const { env, smtpPort } = installation
  const settings = { ...env, KAIJO_RELAY_URL: `smtp://127.0.0.1:${sinkPort}` }
  const isReady = () => isListening(smtpPort)
  const server = await startChild('src/main.ts', ['serve'], settings, isReady).catch(async (error) => {
    await installation.remove()
    throw error
  })
  return {
    port: smtpPort,
    credentials,
    isSigned: async (raw, algorithm) => {
      const resolver = async (name: string) => [txtStrings(records.get(name) ?? '')]
      const { results } = await dkimVerify(Buffer.from(raw, 'latin1'), { resolver })
      const [only, another] = results
      return only?.status.result === 'pass' && only.algo === algorithm && another === undefined
    },
    stop: async () => {
      await server.stop()
      await installation.remove()
    },
  }
}
