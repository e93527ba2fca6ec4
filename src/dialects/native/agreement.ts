import { z } from 'zod'
import type { ShownAgreement } from '../../subscribers/agreements/read-agreements.ts'
import { encodeTime } from './encode.ts'
import { moment } from './schemas.ts'

const origin = z
  .object({ clientAddress: z.string(), userAgent: z.string().nullable() })
  .nullable()
  .describe('null for who was erased')

/** What somebody agreed to when they registered by a form. */
export const agreement = z.object({
  form: z.object({
    id: z.string(),
    name: z.string().nullable(),
    revision: z.int().describe('the version of it that they saw'),
  }),
  language: z.enum(['ja', 'en']),
  text: z.string().nullable().describe('beside the box that they ticked; null where the form had none'),
  textSha256: z.string().nullable().describe('of the text in UTF-8, in base64url'),
  agreedAt: moment.describe('when the form was sent off'),
  origin,
  confirmed: z
    .object({ at: moment, origin })
    .nullable()
    .describe('by the link in the mail; null where the form asks nobody to confirm'),
})

export function encodeAgreement({
  agreedAt,
  confirmed,
  textHash,
  ...rest
}: ShownAgreement): z.input<typeof agreement> {
  return {
    ...rest,
    textSha256: textHash,
    agreedAt: encodeTime(agreedAt),
    confirmed: confirmed && { at: encodeTime(confirmed.at), origin: confirmed.origin },
  }
}
