import { z } from 'zod'
import { MAIL_CHARSETS } from '../../mail/japanese-charset.ts'
import { address, headers, line, listName, moment, recipients, text } from './schemas.ts'

export const deliveryRequest = z.strictObject({
  from: line(1_000).describe('news@example.com or News <news@example.com>'),
  replyTo: line(1_000).optional(),
  cc: z.array(line(1_000)).optional().describe('each gets a copy of every mail, as Cc shows'),
  bcc: z.array(line(1_000)).optional().describe('each gets a copy of every mail, which no mail shows'),
  subject: line(998).optional().describe('needed without raw'),
  text: z.string().optional(),
  html: z.string().optional(),
  raw: z
    .string()
    .min(1)
    .optional()
    .describe('a whole RFC 5322 message, as text or in base64; what it says itself cannot stand beside it'),
  headers: headers.optional(),
  attachments: z
    .array(
      z.strictObject({
        filename: text(255),
        contentType: line(255),
        content: z.string().describe('base64'),
      }),
    )
    .max(100)
    .optional(),
  charset: z
    .enum(MAIL_CHARSETS)
    .optional()
    .describe(
      'what names, subject, text and html are written in, wherever it has all their characters; utf-8',
    ),
  recipients: recipients(
    z.strictObject({
      to: line(1_000),
      substitutions: z.record(line(100), z.string()).optional().describe('values of {{placeholders}}'),
      unsubscribeUrl: line(978).optional().describe('an https URL of your own that takes the one-click POST'),
    }),
  ),
  requestId: line(200)
    .min(1)
    .optional()
    .describe('a repeat of the request answers what the first one answered'),
  sendAt: z.iso.datetime({ offset: true }).optional(),
  mailsPerHour: z
    .int()
    .min(1)
    .optional()
    .describe('spreads the mails out; the delivery may take up to three days'),
  transactional: z.boolean().default(false).describe('opt-outs do not apply'),
})

export type DeliveryBody = z.output<typeof deliveryRequest>

export const accepted = z.object({
  id: z.int(),
  accepted: z.int(),
  copies: z.int().describe('how many mails go to cc and bcc besides'),
  excluded: z.record(z.string(), z.int()).describe('how many each list excluded'),
  malformed: z.array(z.string()),
  duplicates: z.int().describe('how many entries came again: an address is mailed once, by its first entry'),
})

export const delivery = z.object({
  id: z.int(),
  requestId: z.string().nullable(),
  reference: z.string().nullable().describe("the client's own name for it: its mails came one by one"),
  from: z.string(),
  subject: z.string(),
  transactional: z.boolean(),
  state: z.enum(['active', 'paused', 'cancelled']),
  sendAt: moment,
  createdAt: moment,
  createdBy: z.string(),
  messages: z.record(z.string(), z.int()).describe('how many messages are in each state'),
})

export const MESSAGE_STATES = [
  'queued',
  'sending',
  'sent',
  'kept',
  'failed',
  'excluded',
  'cancelled',
] as const

export const message = z.object({
  id: z.int(),
  to: z.string(),
  copyAs: z.enum(['cc', 'bcc']).nullable().describe("a copy of another recipient's mail"),
  state: z.enum(MESSAGE_STATES),
  list: z
    .string()
    .nullable()
    .describe('the list that excluded it or, for transactional mail, was overridden'),
  reason: z.string().nullable(),
  since: moment.nullable(),
  attempts: z.int(),
  dueAt: moment.nullable(),
  reply: z.string().nullable(),
  messageId: z.string(),
  updatedAt: moment,
})

export const resendRequest = z.strictObject({
  recipients: recipients(address).optional().describe('only these; all of them unless given'),
  list: listName.optional().describe('only what this list excluded'),
})

export const resent = z.object({
  queued: z.int(),
  excluded: z.record(z.string(), z.int()).describe('how many each list excludes now'),
  expired: z.int().describe('how many cannot be sent because what they said is not kept any longer'),
  unknown: z.array(z.string()).describe('of whom the delivery has no excluded message'),
})
