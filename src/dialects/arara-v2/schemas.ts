import { z } from 'zod'
import { MOST_COUNTS_SET, settableCount } from '../../bounces/acting/error-count-rules.ts'
import { isStorableText } from '../../storage/row-set.ts'

/** Members that no schema names are ignored: the vendor's own calls have some that are not known here. */
const text = (most: number) =>
  z.string().max(most).refine(isStorableText, 'must not hold NUL or half characters')

const line = (most: number) => text(most).refine((value) => !/\p{Cc}/u.test(value), 'must be a single line')

const MOST_ADDRESS = 256
const MOST_ADDRESSES = 10_000

const address = z.string().max(MOST_ADDRESS)

/** An array of at most this many items; more are answered with 413 before any of them is looked at. */
const many = <S extends z.ZodType>(item: S, most: number) =>
  z
    .array(z.unknown())
    .min(1)
    .refine((given) => given.length <= most, {
      error: `must have at most ${most} entries`,
      params: { code: 'too-many-recipients' },
    })
    .pipe(z.array(item))

export const tokenRequest = z.object({
  name: z.string().max(1_000),
  key: z.string().max(1_000),
  service: z.string().max(200).optional(),
})

export const receiverRequest = z.object({ 'header-from': address })

export const resumeRequest = z.object({
  'header-from': address,
  'to-addresses': many(address, MOST_ADDRESSES),
})

export const listQuery = z.object({ 'header-from': address, date: z.string().max(40) })

export const countsQuery = z.object({ items: many(z.object({ address }), MOST_ADDRESSES) })

export const countsRequest = z.object({
  items: many(z.object({ address, count: settableCount.default(0) }), MOST_COUNTS_SET),
})

const recipient = z.object({
  to: z.object({ address: z.string().max(1_000), device: z.int().min(0).max(4).optional() }),
  substitutions: z.record(line(200), text(100_000)).optional(),
  unsubscribe_url: line(978).optional(),
})

const SUBJECT_BYTES = 500
const subject = line(SUBJECT_BYTES).refine(
  (given) => Buffer.byteLength(given) <= SUBJECT_BYTES,
  `must have at most ${SUBJECT_BYTES} bytes`,
)

const contents = z.object({
  subject,
  body: z.object({ text: text(10_000_000).optional(), html: text(10_000_000).optional() }),
  encode: z.int().min(0).max(2).optional(),
  'attachments-list': z
    .array(z.object({ filename: line(255), mimetype: line(255), data: z.string() }))
    .max(100)
    .optional(),
  cc: line(10_000).optional(),
  bcc: line(10_000).optional(),
})

const settings = z.object({
  send_time: z.string().max(40).optional(),
  request_id: z
    .string()
    .regex(/^[a-z0-9]{1,64}$/, 'must be 1 to 64 lower-case letters and digits')
    .optional(),
  from: z.object({ name: line(500).optional(), address }),
  reply_to: z.object({ address }).optional(),
  throttle: z.int().min(1).optional(),
  tc_option: z
    .unknown()
    .refine((given) => given === undefined || given === null || given === '', 'is not supported')
    .optional(),
  error_count: z.number().min(0).max(99).optional(),
})

const MOST_DELIVERIES = 100
const MOST_IN_CALL = 50_000

/** How many recipients a delivery seems to have, whatever is wrong with it otherwise. */
function sizeOf(delivery: unknown): number {
  const list = (delivery as { 'mailing-list'?: unknown } | null)?.['mailing-list']
  return Array.isArray(list) ? list.length : 0
}

export const sendRequest = z.object({
  delivery: many(z.unknown(), MOST_DELIVERIES)
    .refine((given) => given.reduce<number>((sum, one) => sum + sizeOf(one), 0) <= MOST_IN_CALL, {
      error: `must have at most ${MOST_IN_CALL} entries of mailing-list together`,
      params: { code: 'too-many-recipients' },
    })
    .pipe(z.array(z.object({ 'mailing-list': many(recipient, MOST_ADDRESSES), contents, settings }))),
})

export type WireDelivery = z.output<typeof sendRequest>['delivery'][number]

export const deliveriesQuery = z.object({
  request_id: z.string().max(200).optional(),
  timemin: z.string().max(40).optional(),
  timemax: z.string().max(40).optional(),
})
