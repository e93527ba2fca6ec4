import { z } from 'zod'
import { timeZone } from '../tenants/service-rules.ts'
import { shortName } from '../tenants/short-line.ts'
import { PERMISSIONS, ROLES } from './api-user.ts'
import { SHORTEST_KEY } from './api-user-key.ts'

const MOST_SERVICES = 1_000

// RFC 7617 §2: a user-id with a colon cannot be told from its password.
export const apiUserName = shortName(254).regex(/^[^:]*$/, 'must not hold a colon')

export const apiUserKey = shortName(254).min(SHORTEST_KEY)

/** What an API user may do, and where. */
export const apiUserGrants = {
  role: z.enum(ROLES),
  permissions: z.array(z.enum(PERMISSIONS)).max(PERMISSIONS.length),
  services: z.array(shortName(100)).max(MOST_SERVICES),
  timeZone: timeZone.nullable(),
}
