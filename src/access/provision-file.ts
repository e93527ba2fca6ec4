import { LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { parseAddress } from '../kernel/address.ts'
import { isTimeZone } from '../kernel/calendar.ts'
import { DomainError } from '../kernel/domain-error.ts'
import { readInput } from '../kernel/mistakes.ts'
import { isStorableText } from '../storage/row-set.ts'
import { filterMatches } from '../tenants/filter.ts'
import { PERMISSIONS, ROLES, SHORTEST_KEY } from './api-user.ts'

const MOST_DAYS = 36_500

const name = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .refine((text) => isStorableText(text) && !/\p{Cc}/u.test(text), 'must not hold control characters')

const id = z.int().positive()

const days = z.int().positive().max(MOST_DAYS).nullable().exactOptional()

const domain = z.string().transform((text, context) => {
  const found = parseAddress(`postmaster@${text}`)?.domain
  if (found !== undefined) return found
  context.addIssue({ code: 'custom', message: 'must be a domain, e.g. example.com' })
  return z.NEVER
})

const apiUser = z.strictObject({
  // RFC 7617 §2: a user-id with a colon cannot be told from its password.
  name: name(254).regex(/^[^:]*$/, 'must not hold a colon'),
  key: name(254).min(SHORTEST_KEY).optional(),
  role: z.enum(ROLES).default('user'),
  permissions: z.array(z.enum(PERMISSIONS)).default([]),
  services: z.array(name(100)).default([]),
})

const sender = z.preprocess(
  (given) => (typeof given === 'string' ? { address: given } : given),
  z.strictObject({
    address: z.string().refine((text) => parseAddress(text) !== undefined, 'must be a mail address'),
    oneClick: z.boolean().default(true),
  }),
)

const filter = z
  .strictObject({
    name: name(50),
    // RFC 5322 §3.6.8: ftext.
    header: name(100).regex(/^[!-9;-~]+$/, 'must be a header name'),
    pattern: name(100),
    match: z.enum(['exact', 'regex']).default('exact'),
    position: z.int().min(0).optional(),
  })
  .refine((given) => given.match === 'exact' || isPattern(given), {
    path: ['pattern'],
    error: 'must be a regular expression of RE2',
  })

const service = z.strictObject({
  id: id.optional(),
  name: name(100),
  timeZone: z.string().refine(isTimeZone, 'must be an IANA time zone, e.g. Asia/Tokyo').optional(),
  lifetimeDays: z
    .strictObject({ sender: days, filter: days, hardBounces: days, complaints: days, blocklist: days })
    .optional(),
  allowedDomains: z.array(domain).optional(),
  settings: z.strictObject({ otherListsOnPage: z.boolean().exactOptional(), evidenceDays: days }).optional(),
  senders: z.array(sender).default([]),
  filters: z.array(filter).default([]),
})

const file = z.strictObject({
  sites: z.array(
    z.strictObject({
      id: id.optional(),
      name: name(100),
      apiUsers: z.array(apiUser).default([]),
      services: z.array(service).default([]),
    }),
  ),
})

/** What an installation should have, as operators write it; see docs for the form. */
export type ProvisionFile = z.output<typeof file>
export type WantedSite = ProvisionFile['sites'][number]
export type WantedService = WantedSite['services'][number]

/**
 * Reads YAML or JSON text, or what was read from it. Throws DomainErrors for every mistake at once, with its path
 * (`sites[0].services[1].timeZone`): `malformed-body`, `unknown-field` or `invalid-value`. Keys are never repeated.
 */
export function readProvisionFile(given: unknown): ProvisionFile {
  return readInput(file, typeof given === 'string' ? fromYaml(given) : given)
}

function fromYaml(text: string): unknown {
  const lineCounter = new LineCounter()
  // The pretty form quotes the line, which may hold a key.
  const document = parseDocument(text, { lineCounter, prettyErrors: false })
  const [error] = document.errors
  if (error) {
    const { line } = lineCounter.linePos(error.pos[0])
    throw new DomainError('malformed-body', `line ${line}: ${error.message}`)
  }
  try {
    return document.toJS()
  } catch (cause) {
    throw new DomainError('malformed-body', 'the aliases of the file cannot be followed', { cause })
  }
}

function isPattern(given: { pattern: string; match: 'exact' | 'regex' }): boolean {
  try {
    filterMatches(given, [])
    return true
  } catch {
    return false
  }
}
