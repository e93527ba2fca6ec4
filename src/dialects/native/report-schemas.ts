import { z } from 'zod'
import { OUTCOMES } from '../../messages/outcomes.ts'
import { MESSAGE_STATES, message } from './delivery-schemas.ts'
import { address, dayOrMoment, listName, moment, text } from './schemas.ts'

const period = {
  from: dayOrMoment.optional().describe('of acceptance'),
  to: dayOrMoment.optional().describe('a day counts whole, a moment does not count itself'),
}

export const messageFilter = z.strictObject({
  state: z.enum(MESSAGE_STATES).optional(),
  sender: address.optional().describe('the address in From'),
  recipient: address.optional(),
  delivery: z.int().min(1).optional().describe('the id of a delivery'),
  list: listName.optional(),
  ...period,
})

export const deliveryFilter = z.strictObject({
  state: z.enum(['active', 'paused', 'cancelled']).optional(),
  sender: address.optional().describe('the address in From'),
  reference: text(100).optional(),
  ...period,
})

export const foundMessage = message.extend({
  deliveryId: z.int(),
  from: z.string(),
  acceptedAt: moment,
})

export const days = z.strictObject({
  from: z.iso.date().optional().describe("a day of the service's zone; 30 days before the last one"),
  to: z.iso.date().optional().describe('the last day; today'),
})

const count = z.int()

export const dayCount = z.object({
  day: z.iso.date(),
  sender: z.string(),
  outcome: z
    .enum(OUTCOMES)
    .describe(
      'bounced, returned, blamed: mail that was sent came back, for good, for a passing reason, for one that blames the sender',
    ),
  list: z.string().nullable().describe('what excluded them'),
  count,
})

export const dayTotal = z.object({
  day: z.iso.date(),
  accepted: count,
  excluded: count,
  sent: count,
  kept: count,
  failed: count,
  cancelled: count,
  bounced: count.describe('came back for good, after the relay had taken it'),
  returned: count.describe('came back for a passing reason'),
  blamed: count.describe('came back for a reason that blames the sender'),
  complained: count,
})
