import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { MOST_RECIPIENTS } from '../../delivery/accept/delivery-request.ts'
import { DOMAIN_ERROR_CODES } from '../../kernel/domain-error.ts'
import { isStorableText } from '../../storage/row-set.ts'

/** The application as its routes see it: typed by their schemas. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>

/** Text that can be stored, of at most this length. */
export const text = (most: number) =>
  z.string().max(most).refine(isStorableText, 'must not hold NUL or half characters')

/** Text that may end up in a mail header: one line. */
export const line = (most: number) =>
  text(most).refine((value) => !/[\r\n]/.test(value), 'must be a single line')

/** What should be a mail address; in a list of many, invalid ones are answered as malformed. */
export const address = z.string().max(1_000)

export const recipients = <S extends z.ZodType>(recipient: S) =>
  z
    .array(recipient)
    .min(1)
    .refine((given) => given.length <= MOST_RECIPIENTS, {
      error: `must have at most ${MOST_RECIPIENTS} entries`,
      params: { code: 'too-many-recipients' },
    })
    .meta({ maxItems: MOST_RECIPIENTS })

export const headers = z.record(line(100), line(10_000))

/** Headers to be looked at rather than sent: one that occurs several times in the mail has several values. */
export const seenHeaders = z.record(line(100), z.union([line(10_000), z.array(line(10_000)).min(1).max(100)]))

/** A calendar day of the service's time zone, or a moment. */
export const dayOrMoment = z.union([z.iso.date(), z.iso.datetime({ offset: true })], {
  error: 'must be a day (2026-11-21) or a moment (2026-11-21T09:30:00+09:00)',
})

/** `sender:ADDRESS`, `filter:NAME`, `hard-bounces`, `complaints` or `blocklist`. */
export const listName = text(1_000).describe(
  'sender:ADDRESS, filter:NAME, hard-bounces, complaints or blocklist',
)

/** The revision of something that several people may edit: answers give it, and a change may be held to it. */
export const revision = z
  .string()
  .max(100)
  .describe('names what it is like; a change that gives it is held to it')

export const moment = z.iso.datetime().describe('UTC')

/** A number in a path or a query, where everything is text. */
export const wholeNumber = (schema: z.ZodInt) =>
  z.preprocess((given) => (/^[1-9]\d{0,14}$/.test(String(given)) ? Number(given) : given), schema)

const positiveNumber = wholeNumber(z.int('must be a positive number').min(1))

export const inService = z.object({ service: positiveNumber })

export const idInService = inService.extend({ id: positiveNumber })

export const messageInService = idInService.extend({ messageId: positiveNumber })

const LIMIT = 'must be a number from 1 to 1000'

export const paging = z.strictObject({
  cursor: text(2_000).optional().describe('`next` of the page before'),
  limit: wholeNumber(z.int(LIMIT).min(1, LIMIT).max(1_000, LIMIT)).prefault(100),
})

export const page = <S extends z.ZodType>(item: S) =>
  z.object({ items: z.array(item), next: z.string().nullable() })

const mistake = {
  code: z.enum(DOMAIN_ERROR_CODES),
  field: z.string().optional().describe('as the caller wrote it, e.g. recipients[3].to'),
  detail: z.string(),
}

const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  ...mistake,
  errors: z.array(z.object(mistake)).optional().describe('every mistake, when there are several'),
})

/** To be spread into the responses of every route: RFC 9457. */
export const problems = {
  default: {
    description: 'A problem document (RFC 9457)',
    content: { 'application/problem+json': { schema: problem } },
  },
}
