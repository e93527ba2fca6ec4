import { z } from 'zod'
import { requireOfPerson } from '../../access/authorise.ts'
import { SUPPRESSION_STATES } from '../../suppression/deciding/suppression-state.ts'
import { actor } from './access.ts'
import { agreement, encodeAgreement } from './agreement.ts'
import { decodePeriod } from './decode.ts'
import { encodePage, encodeSuppression, encodeTimeline, encodeTimeOrNull } from './encode.ts'
import { neededToResume } from './one-click-lists.ts'
import type { NativeParts } from './parts.ts'
import {
  type Api,
  address,
  dayOrMoment,
  inService,
  listName,
  moment,
  page,
  paging,
  problems,
  recipients,
  text,
} from './schemas.ts'

const TAGS = ['suppressions']
const BODY_LIMIT = 4 * 1_024 * 1_024

const addressesOnList = z.strictObject({ list: listName, addresses: recipients(address) })

const bulkAnswer = z.object({ changed: z.int(), unchanged: z.int(), malformed: z.array(z.string()) })

/** The words that searches used to have of their own are accepted too. */
const state = z
  .enum([...SUPPRESSION_STATES, 'inactive', 'lapsed'])
  .transform((said) => (said === 'inactive' ? 'resumed' : said === 'lapsed' ? 'expired' : said))
  .describe(
    'active excludes now, expired did until its lifetime ended; inactive and lapsed are former words for resumed and expired',
  )

const search = z.strictObject({
  list: listName.optional(),
  address: address.optional(),
  contains: text(254).min(1).optional(),
  state: state.optional(),
  from: dayOrMoment.optional().describe('of the latest request'),
  to: dayOrMoment.optional().describe('a day counts whole, a moment does not count itself'),
})

const suppression = z.object({
  address: z.string(),
  list: z.string(),
  reason: z.string(),
  active: z.boolean().describe('excludes now'),
  since: moment,
  requestedAt: moment,
  expiresAt: moment.nullable().describe('when it stops excluding by itself; null is never'),
  messageId: z.string().nullable(),
  source: z.string(),
})

const lookedBackTo = moment
  .nullable()
  .describe('the page ended early: requests after this moment were looked at; go on with next')

const event = z.object({
  list: z.string(),
  kind: z.enum(['stop', 'resume', 'remove']),
  recordedAt: moment,
  requestedAt: moment,
  address: z.string(),
  reason: z.string(),
  source: z.string(),
  messageId: z.string().nullable(),
  olderMail: z.boolean().describe('by the link of a mail that is older than the last resume'),
  evidence: z.record(z.string(), z.unknown()).nullable(),
  before: z
    .object({
      excluded: z.boolean(),
      since: moment,
      requestedAt: moment,
      reason: z.string(),
      source: z.string(),
      messageId: z.string().nullable(),
    })
    .nullable()
    .describe('null when the recipient was not on the list'),
})

const timeline = z.object({
  excludedBy: z.array(
    z.object({ list: z.string(), reason: z.string(), since: moment, expiresAt: moment.nullable() }),
  ),
  events: z.array(event).describe('newest first'),
  agreements: z
    .array(agreement)
    .describe('what the address agreed to by registration forms; the newest 100, newest first'),
})

export function suppressionRoutes(api: Api, { suppressions }: NativeParts): void {
  api.post(
    '/services/:service/suppressions',
    {
      bodyLimit: BODY_LIMIT,
      config: { access: 'edit' },
      schema: {
        tags: TAGS,
        summary: 'Put addresses on a list',
        params: inService,
        body: addressesOnList,
        response: { 200: bulkAnswer, ...problems },
      },
    },
    async (request) => suppressions.stop(request.service, request.body, actor(request)),
  )

  api.post(
    '/services/:service/suppressions/resume',
    {
      bodyLimit: BODY_LIMIT,
      config: { access: 'edit', confirmed: true },
      schema: {
        tags: TAGS,
        summary: 'Make addresses on a list deliverable again',
        params: inService,
        body: addressesOnList,
        response: { 200: bulkAnswer, ...problems },
      },
    },
    async (request) => {
      const needed = neededToResume(request.body.list)
      if (needed) requireOfPerson(request.caller, needed)
      return suppressions.resume(request.service, request.body, actor(request))
    },
  )

  api.post(
    '/services/:service/suppressions/search',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'Find who is or was on a list, latest request first',
        params: inService,
        querystring: paging,
        body: search,
        response: { 200: page(suppression).extend({ lookedBackTo }), ...problems },
      },
    },
    async ({ service, body, query }) => {
      const { from, to, ...rest } = body
      const period = decodePeriod({ from, to }, service.timeZone)
      const found = await suppressions.search(service, { ...rest, ...period, ...query })
      return { ...encodePage(found, encodeSuppression), lookedBackTo: encodeTimeOrNull(found.lookedBackTo) }
    },
  )

  api.post(
    '/services/:service/timeline',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'Tell everything that happened to an address, and why it would be excluded now',
        params: inService,
        body: z.strictObject({ address }),
        response: { 200: timeline, ...problems },
      },
    },
    async ({ service, body }) => {
      const { agreements, ...found } = await suppressions.timeline(service, body.address)
      return { ...encodeTimeline(found), agreements: agreements.map(encodeAgreement) }
    },
  )
}
