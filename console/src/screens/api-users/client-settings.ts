/*
 * What a client of each interface has to be configured with, by the names that its vendor has for it.
 */

export const INTERFACES = ['arara-v2', 'arara-v1', 'customers-mail-cloud', 'native', 'smtp'] as const
export type InterfaceName = (typeof INTERFACES)[number]

export interface Client {
  /** Where this console was reached, and so the interfaces too. */
  origin: string
  user: string
  /** Undefined where only its holders know it. */
  apiKey: string | undefined
  siteId: number
  service: { id: number; name: string }
  /** Whether a call has to name its service. */
  isOneOfSeveral: boolean
}

/** A field of a client's settings; a `value` that is undefined is the key. */
export interface Setting {
  name:
    | 'baseUrl'
    | 'host'
    | 'port'
    | 'user'
    | 'password'
    | 'arara1Site'
    | 'arara1Service'
    | 'arara1Name'
    | 'arara1Pass'
    | 'arara2Name'
    | 'arara2Key'
    | 'arara2Service'
    | 'apiUser'
    | 'apiKey'
    | 'serverComposition'
    | 'authorization'
  value: string | undefined
}

export function settingsOf(name: InterfaceName, client: Client): Setting[] {
  return SETTINGS[name](client)
}

const SETTINGS: Record<InterfaceName, (client: Client) => Setting[]> = {
  'arara-v2': ({ origin, user, apiKey, service, isOneOfSeveral }) => [
    { name: 'baseUrl', value: origin },
    { name: 'arara2Name', value: user },
    { name: 'arara2Key', value: apiKey },
    ...(isOneOfSeveral ? [{ name: 'arara2Service', value: service.name } as const] : []),
  ],
  'arara-v1': ({ origin, user, apiKey, siteId, service }) => [
    { name: 'baseUrl', value: `${origin}/tm/` },
    { name: 'arara1Site', value: String(siteId) },
    { name: 'arara1Service', value: String(service.id) },
    { name: 'arara1Name', value: user },
    { name: 'arara1Pass', value: apiKey },
  ],
  'customers-mail-cloud': ({ origin, user, apiKey, service }) => [
    { name: 'baseUrl', value: `${origin}/transaction/v2` },
    { name: 'apiUser', value: user },
    { name: 'apiKey', value: apiKey },
    { name: 'serverComposition', value: service.name },
  ],
  native: ({ origin, apiKey, service }) => [
    { name: 'baseUrl', value: `${origin}/api/v1/services/${service.id}` },
    { name: 'authorization', value: apiKey && `Bearer ${apiKey}` },
  ],
  smtp: ({ origin, user, apiKey, service, isOneOfSeveral }) => [
    { name: 'host', value: new URL(origin).hostname },
    { name: 'port', value: '2525' },
    { name: 'user', value: isOneOfSeveral ? `${user}+${service.name}` : user },
    { name: 'password', value: apiKey },
  ],
}
