import { z } from 'zod'
import { Refusal } from '../config/mistake.ts'
import { parseRelayUrl } from '../config/relay.ts'
import { parseAddress } from '../kernel/address.ts'
import { isTimeZone } from '../kernel/calendar.ts'
import { MASK } from '../kernel/mask-url.ts'
import { isCancelMode } from './cancel-mode.ts'
import { pageFields } from './page-rules.ts'

const MOST_DAYS = 36_500
const MOST_RATE = 100_000
const LEAST_RATE = 0.001
const MOST_PER_DAY = 1_000_000_000
const MOST_DOMAIN_RATES = 200
const MOST_NAME = 100
const MOST_CONFIRMATIONS = 1_000_000
/** Stands for every other domain. */
const ANY_DOMAIN = '*'

const days = z.int().positive().max(MOST_DAYS)

const lifetime = days.nullable().exactOptional()

/** As A-labels. */
const domain = z.string().transform((text, context) => {
  const found = toDomain(text)
  if (found !== undefined) return found
  context.addIssue({ code: 'custom', message: 'must be a domain, e.g. example.com' })
  return z.NEVER
})

const domainRates = z
  .record(
    z.string(),
    z
      .number(`must be a number of mails a second`)
      .min(LEAST_RATE, `must be at least ${LEAST_RATE} mails a second`)
      .max(MOST_RATE, `must be at most ${MOST_RATE} mails a second`),
  )
  .refine(
    (rates) => Object.keys(rates).length <= MOST_DOMAIN_RATES,
    `must have at most ${MOST_DOMAIN_RATES} entries`,
  )
  .transform((rates, context) => {
    const read: Record<string, number> = {}
    for (const [name, rate] of Object.entries(rates)) {
      const key = name === ANY_DOMAIN ? name : toDomain(name)
      const message =
        key === undefined
          ? 'must be named by a domain, e.g. example.com, or * for every other one'
          : Object.hasOwn(read, key) && `stands there twice, as ${key}`
      if (message) context.addIssue({ code: 'custom', path: [name], message })
      else if (key !== undefined) read[key] = rate
    }
    return read
  })
  .describe('mails a second to a domain; * stands for every other domain')

export const timeZone = z.string().refine(isTimeZone, 'must be an IANA time zone, e.g. Asia/Tokyo')

const settings = z.strictObject({
  otherListsOnPage: z.boolean().exactOptional(),
  evidenceDays: days.nullable().exactOptional(),
  refuseWhenAllExcluded: z.boolean().exactOptional(),
  automaticExclusion: z.boolean().exactOptional(),
  araraV1Times: z.enum(['minutes', 'rfc3339', 'rfc2822']).exactOptional(),
  mailsPerSecond: z.int().positive().max(MOST_RATE).nullable().exactOptional(),
  mailsPerDay: z.int().positive().max(MOST_PER_DAY).nullable().exactOptional(),
  connections: z.int().min(1).max(100).exactOptional(),
  domainRates: domainRates.exactOptional(),
  mailDays: days.exactOptional(),
  messageDays: days.min(30).nullable().exactOptional(),
  softBounceThreshold: z.int().min(1).max(99).exactOptional(),
  softBounceDays: days.exactOptional(),
  cancelMode: z
    .string()
    .refine(isCancelMode, 'must be immediate, or daily with an hour: daily 03:00')
    .exactOptional(),
  exportEncryption: z.enum(['zipcrypto', 'aes-256']).exactOptional(),
  inboundDays: days.exactOptional(),
  opaqueDays: days.nullable().exactOptional(),
  blankMail: z.enum(['verified', 'always', 'confirm', 'off']).exactOptional(),
  confirmationFrom: z
    .string()
    .refine((text) => parseAddress(text) !== undefined, 'must be a mail address')
    .nullable()
    .exactOptional(),
  confirmationName: z
    .string()
    .min(1, 'must not be empty')
    .max(MOST_NAME, `must have at most ${MOST_NAME} characters`)
    .regex(/^[^\p{Cc}]*$/u, 'must hold no control characters')
    .nullable()
    .exactOptional(),
  confirmationsPerHour: z.int().min(1).max(MOST_RATE).nullable().exactOptional(),
  confirmationsPerDay: z.int().min(1).max(MOST_CONFIRMATIONS).nullable().exactOptional(),
  feedbackId: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{5,15}$/, 'must be 5 to 15 letters, digits, dots, hyphens or underscores')
    .nullable()
    .exactOptional(),
})

/** What can be changed of a service, in the form in which files and callers give it. */
export const serviceFields = {
  timeZone: timeZone.optional(),
  lifetimeDays: z
    .strictObject({
      sender: lifetime,
      filter: lifetime,
      hardBounces: lifetime,
      complaints: lifetime,
      blocklist: lifetime,
    })
    .optional()
    .describe('how long a request excludes, by kind of list; null is for ever'),
  allowedDomains: z
    .array(domain)
    .optional()
    .describe('may stand in From without being registered as a sender'),
  settings: settings.optional(),
  page: pageFields.optional(),
}

/**
 * The URL of a service's own relay, in the form of KAIJO_RELAY_URL. The mask that answers show is refused as a
 * password.
 */
export const relayUrl = z
  .string()
  .max(1_000)
  .superRefine((text, context) => {
    for (const message of mistakesInRelay(text)) context.addIssue({ code: 'custom', message })
  })
  .describe('smtp://user:password@host:port or smtps://…; shown with a masked password')

/** The password of the service's ZIP files. ASCII only: programs disagree on the bytes of anything else. */
export const exportPassword = z
  .string()
  .min(8, 'must have at least 8 characters')
  .max(100, 'must have at most 100 characters')
  .regex(/^[\x21-\x7e]*$/, 'must hold visible ASCII characters alone')
  .describe('encrypts the ZIP files of the service; never shown')

function mistakesInRelay(text: string): readonly string[] {
  if (text.includes(`:${MASK}@`)) return ['has a masked password: give the real one, or leave the relay out']
  try {
    parseRelayUrl(text)
    return []
  } catch (error) {
    if (error instanceof Refusal) return error.reasons
    throw error
  }
}

function toDomain(text: string): string | undefined {
  return parseAddress(`postmaster@${text}`)?.domain
}
