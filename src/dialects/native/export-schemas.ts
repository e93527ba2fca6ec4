import { z } from 'zod'
import { invalid } from '../../kernel/domain-error.ts'
import { REASONS, REASONS_OF_EVENTS } from '../../suppression/changing/change.ts'
import { SUPPRESSION_STATES } from '../../suppression/deciding/suppression-state.ts'
import type { SomeLists } from './parts/export-parts.ts'
import { address, dayOrMoment, listName, problems, text, wholeNumber } from './schemas.ts'

/** The form of a file, always in the query. */
export const fileForm = z.strictObject({
  format: z.enum(['csv', 'ndjson']).default('csv'),
  bom: z
    .enum(['true', 'false'])
    .default('false')
    .transform((given) => given === 'true')
    .describe('begins CSV with a byte order mark, for Excel'),
  formulas: z
    .enum(['kept', 'neutral'])
    .default('kept')
    .describe('neutral puts a tab before what a spreadsheet would calculate; of CSV that is not in a zip'),
  compress: z
    .enum(['none', 'gzip', 'zip'])
    .default('none')
    .describe('a zip is encrypted where the service has an export password'),
  encryption: z
    .enum(['zipcrypto', 'aes-256'])
    .optional()
    .describe(
      "of a zip: zipcrypto, which Explorer of Windows opens; the service's exportEncryption unless given",
    ),
})

const period = {
  from: dayOrMoment.optional().describe('of the latest request'),
  to: dayOrMoment.optional().describe('a day counts whole, a moment does not count itself'),
}

export const oneClickFilter = { sender: address, ...period }

export const listFilter = {
  state: z
    .enum([...SUPPRESSION_STATES, 'all'])
    .default('active')
    .describe('active excludes now, expired did until its lifetime ended'),
  reason: z.enum(REASONS).optional(),
  ...period,
}

export const unsubscribeFilter = {
  sender: address.optional().describe('every sender unless given'),
  ...listFilter,
}

export const filterListFilter = { filter: text(1_000).describe('the name of a filter'), ...listFilter }

const someLists = {
  sender: address.optional().describe('the list of this sender'),
  filter: text(1_000).optional().describe('the list of this filter'),
  list: listName.optional(),
}

export const eventFilter = {
  ...someLists,
  kind: z.enum(['stop', 'resume', 'remove']).optional(),
  reason: z.enum(REASONS_OF_EVENTS).optional(),
  by: z
    .enum(['requested', 'recorded'])
    .default('requested')
    .describe('which time from and to bound: an import records what was requested long before'),
  from: dayOrMoment.optional().describe('of the request, or of the recording'),
  to: period.to,
}

export const agreementFilter = {
  from: dayOrMoment.optional().describe('of the sending off of the form'),
  to: period.to,
}

const MOST_DAYS_AHEAD = 366
const DAYS = `must be a number from 1 to ${MOST_DAYS_AHEAD}`

export const expiringFilter = {
  ...someLists,
  days: wholeNumber(z.int(DAYS).min(1, DAYS).max(MOST_DAYS_AHEAD, DAYS))
    .prefault(7)
    .describe('until the end of so many days after today'),
  reason: z.enum(REASONS).optional(),
}

export const expiringDaysFilter = { ...someLists, days: expiringFilter.days }

export const expiringDay = z.object({ list: z.string(), day: z.iso.date(), count: z.int() })

/**
 * NDJSON and ZIPs are read by other systems and keep every byte, so formulas cannot be neutralised there. Throws
 * DomainError `invalid-value`.
 */
export function refuseNeutralBytes({
  format,
  formulas,
  compress,
}: Pick<z.output<typeof fileForm>, 'format' | 'formulas' | 'compress'>): void {
  if (formulas === 'neutral' && (format !== 'csv' || compress === 'zip')) {
    throw invalid('formulas', 'are only made neutral in CSV that is not in a zip')
  }
}

/** Throws DomainError `invalid-value` when more than one is given, naming the second. */
export function refuseSeveralLists({ sender, filter, list }: SomeLists): void {
  const given = Object.entries({ sender, filter, list }).filter(([, value]) => value !== undefined)
  const [, second] = given
  if (second) throw invalid(second[0], 'cannot stand beside another list')
}

/** Only in a body: addresses never stand in a URL. */
export const inBody = { contains: text(254).min(1).optional().describe('a part of the address') }

export const fileOf = (description: string) => ({
  200: {
    description,
    content: {
      'text/csv': { schema: z.string() },
      'application/x-ndjson': { schema: z.string() },
      'application/gzip': { schema: z.string() },
      'application/zip': { schema: z.string() },
    },
  },
  ...problems,
})
