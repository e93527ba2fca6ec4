import { z } from 'zod'
import { exportPassword, relayUrl, serviceFields } from '../../tenants/service-rules.ts'
import { actor, requireConfirmation } from './access.ts'
import { encodePage, encodeService } from './encode.ts'
import type { NativeParts } from './parts.ts'
import { type Api, inService, page, paging, problems, revision } from './schemas.ts'

const TAGS = ['services']

const days = z.int().nullable()

const ownText = z.string().optional()

const ownTexts = z.object({
  ask: ownText,
  stopped: ownText,
  alreadyStopped: ownText,
  resumed: ownText,
  footer: ownText,
})

export const service = z.object({
  id: z.int(),
  name: z.string(),
  timeZone: z.string(),
  allowedDomains: z.array(z.string()).describe('may stand in From without being registered as a sender'),
  lifetimeDays: z
    .object({ sender: days, filter: days, hardBounces: days, complaints: days, blocklist: days })
    .describe('how long a request excludes, by kind of list; null is for ever'),
  settings: z.object({
    otherListsOnPage: z.boolean().describe("shows the service's other lists on the unsubscribe page"),
    evidenceDays: days.describe('how long events are kept; null is for ever'),
    refuseWhenAllExcluded: z
      .boolean()
      .describe('refuses a mail by SMTP all of whose recipients are excluded, instead of recording it'),
    automaticExclusion: z.boolean().describe("false: the lists of the service's senders hold no mail back"),
    araraV1Times: z
      .enum(['minutes', 'rfc3339', 'rfc2822'])
      .describe('how the XML interface of arara writes times'),
    mailsPerSecond: z.int().nullable().describe('handed to the relay at most; null is as much as it takes'),
    mailsPerDay: z.int().nullable().describe("on a day of the service's time zone"),
    connections: z.int().describe("at once, to the service's own relay"),
    domainRates: z
      .record(z.string(), z.number())
      .describe('mails a second to a domain; * stands for every other domain'),
    mailDays: z.int().describe('how long contents and kept mail stay once everything in them is done'),
    messageDays: days.describe('how long messages stay; null is for ever'),
    softBounceThreshold: z
      .int()
      .describe('so many bounces for a passing reason put an address on hard-bounces'),
    blankMail: z
      .enum(['verified', 'always', 'confirm', 'off'])
      .describe(
        'who joins by a blank mail: who proves whose it is or else confirms it, everyone, who confirms it, nobody',
      ),
    confirmationFrom: z
      .string()
      .nullable()
      .describe("whom mails that ask to confirm a joining are from; null is the service's first sender"),
    confirmationName: z.string().nullable().describe('their display name'),
    confirmationsPerHour: z.int().nullable().describe('sent at most; null is any number'),
    confirmationsPerDay: z.int().nullable().describe('sent at most in 24 hours; null is any number'),
    feedbackId: z
      .string()
      .nullable()
      .describe('SenderId of the Feedback-ID that mail without one gets; null: it gets none'),
    inboundDays: z.int().describe('how long mail that came in stays, with what was concluded from it'),
    opaqueDays: days.describe('how long opaque parts stay; null is for ever'),
    softBounceDays: z.int().describe('days without a further one after which the count begins anew'),
    cancelMode: z
      .string()
      .describe('when cancellations of Customers Mail Cloud clients take effect: immediate or daily HH:mm'),
    exportEncryption: z.enum(['zipcrypto', 'aes-256']).describe('of ZIP files, where there is a password'),
  }),
  relay: z
    .string()
    .nullable()
    .describe("the service's own, with a masked password; null is the installation's"),
  hasExportPassword: z.boolean().describe('whether its ZIP files are encrypted'),
  page: z.object({
    name: z.string().nullable().describe('above every public page'),
    accent: z.string().nullable().describe("of buttons, as #rrggbb; null is Kaijo's own"),
    privacyUrl: z.string().nullable(),
    language: z
      .enum(['ja', 'en'])
      .describe('for readers whose browser asks for neither Japanese nor English'),
    texts: z.object({ ja: ownTexts, en: ownTexts }).describe("in the place of Kaijo's own"),
  }),
  logo: z
    .object({ path: z.string(), width: z.int(), height: z.int() })
    .nullable()
    .describe('on public pages; a path on their origin'),
  revision,
})

const serviceChange = z.strictObject({
  ...serviceFields,
  relay: relayUrl.nullable().optional(),
  exportPassword: exportPassword.nullable().optional(),
  revision: revision.optional(),
})

export function serviceRoutes(api: Api, { services, now }: NativeParts): void {
  api.get(
    '/services',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: TAGS,
        summary: 'List the services that the caller may use',
        querystring: paging,
        response: { 200: page(service.pick({ id: true, name: true })), ...problems },
      },
    },
    async ({ caller, query }) =>
      encodePage(await services.find(caller, query), ({ id, name }) => ({ id, name })),
  )

  api.get(
    '/services/:service',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'Show a service with its settings',
        params: inService,
        response: { 200: service, ...problems },
      },
    },
    async (request) => encodeService(await services.view(request.service)),
  )

  api.patch(
    '/services/:service',
    {
      config: { access: 'admin' },
      schema: {
        tags: TAGS,
        summary:
          'Change what is given; domainRates, allowedDomains and the texts of the page are replaced as a whole',
        params: inService,
        body: serviceChange,
        response: { 200: service, ...problems },
      },
    },
    async (request) => {
      // As where a relay is set by its own call: whoever has taken over a session must not be able to divert the
      // service's mail.
      if (request.body.relay !== undefined) requireConfirmation(request.caller, now())
      return encodeService(await services.update(request.service, request.body, actor(request)))
    },
  )
}
