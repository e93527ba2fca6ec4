import type { ApiUser } from '../../access/api-user.ts'
import type { Authenticate } from '../../access/authenticate.ts'
import { actorOf, isGranted } from '../../access/authorise.ts'
import type { AraraV1Parts } from '../../dialects/arara-v1/parts.ts'
import { DomainError } from '../../kernel/domain-error.ts'
import { changeMany } from '../../suppression/change-many.ts'
import { findSender, registerSender } from '../../tenants/sender.ts'
import { findServices } from '../../tenants/service.ts'
import { readDay } from '../../unsubscribe/read-day.ts'
import { createAraraV1Deliveries } from './arara-v1-deliveries.ts'
import { changeRecord } from './change-record.ts'
import { keyOf } from './native-names.ts'
import type { NativeCapabilities } from './native-parts.ts'

/** The functions of arara's XML interface, each made of the capabilities of the rooms below. */
export function createAraraV1Parts(
  capabilities: NativeCapabilities,
  { authenticate, clientAddress }: Pick<AraraV1Parts, 'clientAddress'> & { authenticate: Authenticate },
): AraraV1Parts {
  const { database, clock, ids, recorder, links } = capabilities
  const record = changeRecord(capabilities)
  return {
    ...createAraraV1Deliveries(capabilities),
    clientAddress,
    baseUrl: (list) => links.baseUrl(list),
    signIn: async ({ site, service: id, ...credentials }) => {
      const service = (await findServices(database, site)).find((candidate) => candidate.id === id)
      const isMeant = (user: ApiUser) =>
        service !== undefined && isGranted({ kind: 'api-user', user }, service)
      const user = await authenticate(credentials, isMeant)
      if (!service) throw new DomainError('unauthenticated', 'the credentials are wrong')
      return { caller: { kind: 'api-user', user }, service }
    },
    registerSender: async ({ service, caller }, address) => {
      const request = { address, takesOpaque: true, now: clock() }
      const sender = await registerSender(database, ids.list, service, request)
      await record(actorOf(caller), service, 'sender.register', sender.address, { oneClick: sender.oneClick })
      return sender
    },
    readDay: async (service, { from, day, cursor }) => {
      const sender = await findSender(database, service.id, keyOf(from, 'header_from'))
      if (!sender) {
        throw new DomainError('unknown-sender', 'is no sender of the service', { field: 'header_from' })
      }
      return readDay(database, { service, listId: sender.listId, day, cursor }, clock)
    },
    resume: async ({ service, caller }, { from, addresses }) => {
      const sender = await findSender(database, service.id, keyOf(from, 'header_from'))
      if (!sender) return
      const { changed } = await changeMany(recorder, {
        kind: 'resume',
        listId: sender.listId,
        addresses,
        requestedAt: clock(),
        source: 'api',
      })
      await record(actorOf(caller), service, 'suppression.resume', `sender:${sender.address}`, { changed })
    },
  }
}
