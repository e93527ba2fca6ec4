import type { ApiUser } from '../../../access/api-user.ts'
import type { Authenticate } from '../../../access/authenticate.ts'
import { actorOf, isGranted } from '../../../access/authorise.ts'
import type { AraraV1Parts } from '../../../dialects/arara-v1/parts.ts'
import { DomainError } from '../../../kernel/domain-error.ts'
import { findServices } from '../../../tenants/service.ts'
import { readDay } from '../../../unsubscribe/read-day.ts'
import { createAraraParts } from './arara-parts.ts'
import { createAraraV1Deliveries } from './arara-v1-deliveries.ts'
import type { NativeCapabilities } from './native-parts.ts'

/** The functions of arara's XML interface, each made of the capabilities of the rooms below. */
export function createAraraV1Parts(
  capabilities: NativeCapabilities,
  { authenticate, clientAddress }: Pick<AraraV1Parts, 'clientAddress'> & { authenticate: Authenticate },
): AraraV1Parts {
  const { database, clock, links } = capabilities
  const arara = createAraraParts(capabilities)
  return {
    ...createAraraV1Deliveries(capabilities, arara),
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
    registerSender: ({ service, caller }, address) => arara.registerSender(service, address, actorOf(caller)),
    readDay: async (service, { from, day, cursor }) => {
      const sender = await arara.requireSender(service, from, 'header_from')
      return readDay(database, { service, listId: sender.listId, day, cursor }, clock)
    },
    resume: ({ service, caller }, { from, addresses }) =>
      arara.resume(service, from, addresses, actorOf(caller)),
  }
}
