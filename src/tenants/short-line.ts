import { z } from 'zod'
import { isStorableText } from '../storage/row-set.ts'

/** One line that people read or type: not empty, at most so many characters (code points), no control characters. */
export const shortLine = (most: number) => bounded(z.string(), most)

/** The same, trimmed: for the names of things. */
export const shortName = (most: number) => bounded(z.string().trim(), most)

function bounded(text: z.ZodString, most: number): z.ZodString {
  return text
    .refine((given) => given !== '', 'must not be empty')
    .refine((given) => [...given].length <= most, `must have at most ${most} characters`)
    .refine(
      (given) => isStorableText(given) && !/\p{Cc}/u.test(given),
      'must not hold line breaks, other control characters or half characters',
    )
    .meta({ minLength: 1, maxLength: most })
}
