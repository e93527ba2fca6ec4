import { z } from 'zod'
import { actor } from './access.ts'
import { encodePage, encodeTime } from './encode.ts'
import type { NativeParts } from './parts.ts'
import { type Api, line, moment, page, paging, problems } from './schemas.ts'

const TAGS = ['unverified requests']

const keyId = line(100).min(1).describe('of the secret key that is missing')

const waitingKey = z.object({
  keyId: z.string(),
  count: z.int(),
  since: moment.describe('when the oldest came'),
  isHere: z.boolean().describe('the key is here by now: the requests can be carried out'),
})

const request = z.object({
  id: z.string(),
  keyId: z.string(),
  serviceId: z.int(),
  service: z.string(),
  list: z.string(),
  receivedAt: moment,
  method: z.string(),
  clientAddress: z.string(),
  userAgent: z.string().nullable(),
})

/** Requests that could not be verified, of all services: for whoever looks after the keys. */
export function unverifiedRoutes(api: Api, { unverified }: NativeParts): void {
  const access = { access: 'installation' } as const

  api.get(
    '/installation/unverified-requests',
    {
      config: access,
      schema: {
        tags: TAGS,
        summary: 'List one-click requests that wait for a secret key, newest first',
        querystring: paging.extend({ keyId: keyId.optional() }),
        response: { 200: page(request), ...problems },
      },
    },
    async ({ query: { keyId: wanted, ...paged } }) =>
      encodePage(await unverified.find({ keyId: wanted }, paged), ({ receivedAt, evidence, ...found }) => ({
        ...found,
        receivedAt: encodeTime(receivedAt),
        method: evidence.method,
        clientAddress: evidence.clientAddress,
        userAgent: evidence.userAgent,
      })),
  )

  api.get(
    '/installation/unverified-requests/keys',
    {
      config: access,
      schema: {
        tags: TAGS,
        summary: 'Tell for which keys requests wait',
        response: { 200: z.object({ items: z.array(waitingKey) }), ...problems },
      },
    },
    async () => ({
      items: (await unverified.keys()).map((key) => ({ ...key, since: encodeTime(key.since) })),
    }),
  )

  api.post(
    '/installation/unverified-requests/retry',
    {
      config: access,
      schema: {
        tags: TAGS,
        summary: 'Carry out those whose key is here by now, as of when they came',
        response: {
          200: z.object({
            replayed: z.int().describe('recipients who are excluded now'),
            broken: z.int().describe('sealed by no key of ours after all, and dropped'),
            stillWaiting: z.int(),
          }),
          ...problems,
        },
      },
    },
    async (request) => {
      const { replayed, broken, stillUnknown } = await unverified.retry(actor(request))
      return { replayed, broken, stillWaiting: stillUnknown.reduce((sum, { count }) => sum + count, 0) }
    },
  )

  api.post(
    '/installation/unverified-requests/discard',
    {
      config: { ...access, confirmed: true },
      schema: {
        tags: TAGS,
        summary: 'Give up the requests that wait for a key which will never come back, or never was',
        body: z.strictObject({ keyId }),
        response: { 200: z.object({ discarded: z.int() }), ...problems },
      },
    },
    async (request) => ({ discarded: await unverified.discard(request.body.keyId, actor(request)) }),
  )
}
