import { checkDkimKey, type LookUpTxt } from '../../../delivery/dkim/dkim-check.ts'
import type { DkimStore } from '../../../delivery/dkim/dkim-store.ts'
import { keysOfSender } from '../../../delivery/dkim/keys-of-sender.ts'
import type {
  DomainFinding,
  SenderDns,
  SenderDnsParts,
} from '../../../dialects/native/parts/sender-dns-parts.ts'
import { parseAddress } from '../../../kernel/address.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { DomainError } from '../../../kernel/domain-error.ts'
import type { Database } from '../../../storage/database.ts'
import { findSenders } from '../../../tenants/sender.ts'
import type { Service } from '../../../tenants/service.ts'

export interface SenderDnsCapabilities {
  database: Database
  clock: Clock
  dkim: Pick<DkimStore, 'list'>
  lookUpTxt: LookUpTxt
  /** What the doctor finds of a sender's domain beside its keys. */
  examineDomain(domain: string): Promise<DomainFinding[]>
}

/** What the native interface tells of a sender's domain. */
export function createSenderDnsParts(capabilities: SenderDnsCapabilities): SenderDnsParts {
  const { database, clock, dkim, lookUpTxt, examineDomain } = capabilities
  const find = async (service: Service, classId: string): Promise<SenderDns> => {
    const senders = await findSenders(database, service.id)
    const sender = senders.find((candidate) => candidate.classId === classId)
    const domain = sender && parseAddress(sender.address)?.domain
    if (!sender || domain === undefined) {
      throw new DomainError('unknown-sender', `the service has no sender ${classId}`, { field: 'classId' })
    }
    const wanted = { domain, serviceId: service.id, now: clock() }
    return { address: sender.address, domain, keys: keysOfSender(await dkim.list(), wanted) }
  }
  return {
    find,
    check: async (service, classId) => {
      const { domain, keys } = await find(service, classId)
      const [found, findings] = await Promise.all([
        Promise.all(keys.map(async (key) => ({ ...(await checkDkimKey(key, lookUpTxt, clock())), key }))),
        examineDomain(domain),
      ])
      return { domain, keys: found, findings }
    },
  }
}
