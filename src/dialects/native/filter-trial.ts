import { z } from 'zod'
import { invalid } from '../../kernel/domain-error.ts'
import { decodeMailbox } from './decode.ts'
import { encodeFilter } from './encode.ts'
import { filter } from './filters.ts'
import type { NativeParts } from './parts.ts'
import { type Api, inService, line, problems, seenHeaders, text } from './schemas.ts'

const LONGEST_MESSAGE = 60_000

const trialRequest = z.strictObject({
  from: line(1_000).optional().describe('without one, mail of no sender is meant'),
  headers: seenHeaders.optional(),
  message: text(LONGEST_MESSAGE).optional().describe('a whole mail or its header, in the place of both'),
})

const trial = z.object({
  filters: z
    .array(
      filter.extend({
        verdict: z
          .enum(['matches', 'no-header', 'other-value', 'other-case'])
          .describe('other-case: only capital letters differ'),
      }),
    )
    .describe('in the order in which they are tried'),
  values: z
    .record(z.string(), z.array(z.string()))
    .describe('what filters read under the names that they look at, in lower case'),
  link: z.string().nullable().describe('the list that the link of the mail would leave'),
  lists: z
    .array(z.string())
    .describe('whose recipients it leaves out, beside the lists of the whole service'),
})

/** Tries a mail, or a header of one, against the filters. */
export function filterTrialRoutes(api: Api, parts: NativeParts): void {
  api.post(
    '/services/:service/filters/try',
    {
      config: { access: 'view' },
      schema: {
        tags: ['filters'],
        summary: 'Tell which filters a mail falls under, and why not under others',
        params: inService,
        body: trialRequest,
        response: { 200: trial, ...problems },
      },
    },
    async ({ service, body: { from, headers, message } }) => {
      if (message !== undefined && (from !== undefined || headers !== undefined)) {
        throw invalid('message', 'cannot stand beside from or headers: it has its own')
      }
      const { filters, ...found } = await parts.filters.try(
        service,
        message === undefined
          ? { from: from && decodeMailbox(from, 'from').address, headers: headers ?? {} }
          : { message: Buffer.from(message) },
      )
      return {
        ...found,
        filters: filters.map(({ filter: tried, verdict }) => ({ ...encodeFilter(parts, tried), verdict })),
      }
    },
  )
}
