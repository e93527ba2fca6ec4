import { z } from 'zod'
import { checkPattern } from './filter-match.ts'
import { shortLine, shortName } from './short-line.ts'

const MOST_POSITION = 1_000_000

// Customers Mail Cloud's limits, in characters.
const fields = z.strictObject({
  name: shortName(50).refine(
    (name) => !name.endsWith('(archived)'),
    'must not end in (archived), as the names of deleted ones do',
  ),
  // RFC 5322 §3.6.8: ftext.
  header: shortName(100).refine((name) => /^[!-9;-~]+$/.test(name), 'is not a header name'),
  pattern: shortLine(100),
  match: z.enum(['exact', 'regex']),
  position: z
    .int()
    .min(0)
    .max(MOST_POSITION)
    .optional()
    .describe('filters are tried in this order; last unless given. Whoever stands there gives way'),
})

/** A change of an existing filter. */
export const filterChange = fields.partial()

/** A whole filter, in the form that every way of creating one takes. */
export const filterRequest = fields
  .extend({ match: fields.shape.match.default('exact') })
  .superRefine(({ pattern, match }, context) => {
    const message = match === 'exact' ? checkValue(pattern) : checkPattern(pattern)
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['pattern'], message })
  })

export type FilterRequest = z.input<typeof filterRequest>
export type FilterChange = z.output<typeof filterChange>

/** A pattern to be matched exactly must not have surrounding blanks: values are compared without theirs. */
function checkValue(pattern: string): string | undefined {
  return pattern === pattern.trim() ? undefined : 'must not begin or end with a blank: no value does'
}
