import { z } from 'zod'
import { decodePeriod } from './decode.ts'
import { delivery } from './delivery-schemas.ts'
import { encodeDelivery, encodeFoundMessage, encodePage } from './encode.ts'
import { expiringDay, expiringDaysFilter, refuseSeveralLists } from './export-schemas.ts'
import type { NativeParts } from './parts.ts'
import { dayCount, days, dayTotal, deliveryFilter, foundMessage, messageFilter } from './report-schemas.ts'
import { type Api, inService, page, paging, problems } from './schemas.ts'

const TAGS = ['reports']

export function reportRoutes(api: Api, { reports, exports }: NativeParts): void {
  api.post(
    '/services/:service/messages/search',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'Find what became of mails, newest first',
        params: inService,
        querystring: paging,
        body: messageFilter,
        response: { 200: page(foundMessage), ...problems },
      },
    },
    async ({ service, body, query }) =>
      encodePage(
        await reports.messages(service, decodeMessageFilter(body, service), query),
        encodeFoundMessage,
      ),
  )

  api.post(
    '/services/:service/deliveries/search',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'Find deliveries, newest first',
        params: inService,
        querystring: paging,
        body: deliveryFilter,
        response: { 200: page(delivery), ...problems },
      },
    },
    async ({ service, body, query }) => {
      const { from, to, ...filter } = body
      const period = decodePeriod({ from, to }, service.timeZone)
      return encodePage(await reports.deliveries(service, { ...filter, ...period }, query), encodeDelivery)
    },
  )

  api.get(
    '/services/:service/counts',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'Tell how many mails met with what on each day, by sender and list',
        params: inService,
        querystring: paging.extend(days.shape),
        response: { 200: page(dayCount), ...problems },
      },
    },
    async ({ service, query }) => {
      const { from, to, ...paged } = query
      return reports.counts(service, { from, to }, paged)
    },
  )

  api.get(
    '/services/:service/counts/days',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'Tell the sums of each day',
        params: inService,
        querystring: days,
        response: { 200: z.object({ items: z.array(dayTotal) }), ...problems },
      },
    },
    async ({ service, query }) => ({ items: await reports.dayTotals(service, query) }),
  )

  api.get(
    '/services/:service/expiring',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'Tell how many recipients become deliverable again by themselves on each day to come',
        params: inService,
        querystring: z.strictObject(expiringDaysFilter),
        response: { 200: z.object({ items: z.array(expiringDay) }), ...problems },
      },
    },
    async ({ service, query }) => {
      refuseSeveralLists(query)
      return { items: await exports.expiringDays(service, query) }
    },
  )
}

/** Days are those of the service's zone. */
export function decodeMessageFilter(
  { from, to, delivery: deliveryId, ...filter }: z.output<typeof messageFilter>,
  { timeZone }: { timeZone: string },
) {
  return { ...filter, deliveryId, ...decodePeriod({ from, to }, timeZone) }
}
