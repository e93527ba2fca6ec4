import { z } from 'zod'
import { line, seenHeaders } from './schemas.ts'

/** A mail as far as it decides who may get it. */
export const checkedMail = {
  from: line(1_000),
  headers: seenHeaders
    .optional()
    .describe('what filters look at; an array for a header that occurs several times'),
  transactional: z.boolean().optional().describe('opt-outs do not apply'),
}
