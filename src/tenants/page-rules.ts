import { z } from 'zod'
import { isStorableText } from '../storage/row-set.ts'
import { shortName } from './short-line.ts'

const MOST_TEXT = 500
const MOST_URL = 1_000

/** Plain text of a few lines. */
const ownText = z
  .string()
  .transform((text) => text.replace(/\r\n?/g, '\n').trim())
  .pipe(
    z
      .string()
      .refine((text) => text !== '', 'must not be empty: leave it out')
      .refine((text) => [...text].length <= MOST_TEXT, `must have at most ${MOST_TEXT} characters`)
      .refine(
        (text) => isStorableText(text) && !/[^\P{Cc}\n]/u.test(text),
        'must not hold control characters or half characters',
      ),
  )
  .meta({ minLength: 1, maxLength: MOST_TEXT })
  .exactOptional()

const texts = z.strictObject({
  ask: ownText,
  stopped: ownText,
  alreadyStopped: ownText,
  resumed: ownText,
  footer: ownText,
})

const colour = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i, 'must be a colour of the form #rrggbb')
  .transform((text) => text.toLowerCase())

const httpsUrl = z
  .string()
  .max(MOST_URL, `must have at most ${MOST_URL} characters`)
  .transform((text, context) => {
    const url = URL.canParse(text) ? new URL(text) : undefined
    if (url?.protocol === 'https:' && url.username === '' && url.password === '') return url.href
    context.addIssue({ code: 'custom', message: 'must be a URL that begins with https://' })
    return z.NEVER
  })

/** What can be changed of a service's public pages. */
export const pageFields = z
  .strictObject({
    name: shortName(100).nullable().exactOptional(),
    accent: colour
      .nullable()
      .exactOptional()
      .describe('of buttons, as #rrggbb; what is written on it is chosen'),
    privacyUrl: httpsUrl.nullable().exactOptional().describe('https'),
    language: z
      .enum(['ja', 'en'])
      .exactOptional()
      .describe('for readers whose browser asks for neither Japanese nor English'),
    texts: z
      .strictObject({ ja: texts.prefault({}), en: texts.prefault({}) })
      .exactOptional()
      .describe("plain text of the service's own, in the place of Kaijo's; replaced as a whole"),
  })
  .describe('how the public pages look and what they say')
