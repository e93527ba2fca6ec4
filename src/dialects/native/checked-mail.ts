import { z } from 'zod'
import { headers, line } from './schemas.ts'

/** A mail as far as it decides who may get it. */
export const checkedMail = {
  from: line(1_000),
  headers: headers.optional().describe('what filters look at'),
  transactional: z.boolean().optional().describe('opt-outs do not apply'),
}
