import { z } from 'zod'

const NO_COUNT = 'must be a number from 0 to 99, with one decimal at most'

/** How many counts one call may set. */
export const MOST_COUNTS_SET = 100

/** What the error count of an address can be set to. */
export const settableCount = z
  .number(NO_COUNT)
  .min(0, NO_COUNT)
  .max(99, NO_COUNT)
  .refine((given) => Math.abs(given * 10 - Math.round(given * 10)) < 1e-9, NO_COUNT)
