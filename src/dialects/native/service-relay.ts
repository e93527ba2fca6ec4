import { z } from 'zod'
import { RELAY_OUTCOMES } from '../../delivery/relay/try-relay.ts'
import { relayUrl } from '../../tenants/service-rules.ts'
import { actor } from './access.ts'
import type { NativeParts } from './parts.ts'
import { type Api, inService, problems, revision } from './schemas.ts'

const TAGS = ['services']

const shown = z.object({
  url: z.string().nullable().describe('with a masked password; null is the relay of the installation'),
  revision,
})

const trial = z.object({
  outcome: z.enum(RELAY_OUTCOMES).describe('how far one gets; ready: it takes mail'),
  said: z.string().describe('what the relay or the network said; empty where nothing went wrong'),
  offers: z.array(z.string()).describe('the names of its extensions'),
  isEncrypted: z.boolean(),
  isSignedIn: z.boolean().describe('false too where the relay asks nobody to sign in'),
})

/**
 * The relay of a service's own: where its mail goes. Trying one makes this server connect to it, so only administrators
 * may.
 */
export function serviceRelayRoutes(api: Api, { serviceRelays }: NativeParts): void {
  api.get(
    '/services/:service/relay',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'Show the relay of the service’s own',
        params: inService,
        response: { 200: shown, ...problems },
      },
    },
    ({ service }) => serviceRelays.view(service),
  )

  api.put(
    '/services/:service/relay',
    {
      config: { access: 'admin', confirmed: true },
      schema: {
        tags: TAGS,
        summary:
          'Send the mail of the service by a relay of its own, or with null by that of the installation',
        params: inService,
        body: z.strictObject({ url: relayUrl.nullable(), revision: revision.optional() }),
        response: { 200: shown, ...problems },
      },
    },
    (request) => serviceRelays.set(request.service, request.body, actor(request)),
  )

  api.post(
    '/services/:service/relay/try',
    {
      config: { access: 'admin', confirmed: true },
      schema: {
        tags: TAGS,
        summary:
          'Connect to a relay and sign in, without sending: the one of the URL, or else the one in use',
        params: inService,
        body: z.strictObject({ url: relayUrl.optional() }),
        response: { 200: trial, ...problems },
      },
    },
    (request) => serviceRelays.try(request.service, request.body.url, actor(request)),
  )
}
