import { z } from 'zod'
import { isStorableText } from '../storage/row-set.ts'
import { shortLine, shortName } from '../tenants/short-line.ts'

/** The ways by which a subscriber joins or leaves. A joining by import takes nobody off a list. */
export type Via = 'api' | 'cli' | 'console' | 'form' | 'blank-mail' | 'import'

export type Membership = 'joined' | 'left'

/** An end user (エンドユーザー) as a service sees them: what is known of them is the site's, the membership the service's own. */
export interface Subscriber {
  address: string
  /** What the customer calls them; sorted. */
  userIds: string[]
  attributes: Attributes
  membership: Membership
  /** When the membership became what it is, and by which way. */
  since: number
  via: string
  createdAt: number
  updatedAt: number
}

const MOST_USER_IDS = 20
const MOST_ATTRIBUTES = 50
const MOST_OCTETS = 16 * 1_024

const value = z.union(
  [
    z.string().max(1_000).refine(isStorableText, 'must not hold NUL or half characters'),
    z.number(),
    z.boolean(),
  ],
  { error: 'must be a text of at most 1000 characters, a number or a flag' },
)

/** Data of the customer's about a person, by name. */
const attributes = z
  .record(shortName(100), value)
  .refine((given) => Object.keys(given).length <= MOST_ATTRIBUTES, `must be at most ${MOST_ATTRIBUTES}`)
  .refine(
    (given) => Buffer.byteLength(JSON.stringify(given)) <= MOST_OCTETS,
    `must be at most ${MOST_OCTETS} octets of JSON`,
  )

type Attributes = z.output<typeof attributes>

const userIds = z
  .array(shortLine(255).min(1))
  .max(MOST_USER_IDS, `must be at most ${MOST_USER_IDS}`)
  .transform((given) => [...new Set(given)])

/** The data that may be given about a subscriber; what is given replaces what was there, and the rest stays. */
export const subscriberData = z.strictObject({
  userIds: userIds.optional(),
  attributes: attributes.optional(),
})

export type SubscriberData = z.output<typeof subscriberData>
