import { provision } from '../../../src/access/provision/provision.ts'
import { provisionParts } from '../../../src/entry/http/parts/native-parts.ts'
import type { EngineName } from '../../../src/storage/database.ts'
import { findServices } from '../../../src/tenants/service.ts'
import { type InstallationOptions, install } from '../../support/installation.ts'
import type { Lifetime } from '../../support/temp-dir.ts'

export const KEY = 'pass & <word>'

const SITES = {
  sites: [
    {
      id: 1,
      name: 'acme',
      apiUsers: [
        { name: 'admin', key: KEY, role: 'group-admin' },
        { name: 'viewer', key: 'key-of-the-viewer', permissions: ['view'], services: ['news'] },
      ],
      services: [
        { id: 10, name: 'news', allowedDomains: ['example.com'], senders: ['news@example.com'] },
        { id: 11, name: 'shop', senders: ['shop@example.com'] },
      ],
    },
    {
      id: 2,
      name: 'other',
      apiUsers: [{ name: 'stranger', key: 'key-of-a-stranger', role: 'group-admin' }],
      services: [{ id: 20, name: 'foreign' }],
    },
  ],
}

/** The auth element as the vendor's pages have it. */
export function auth({ site = '1', service = '10', name = 'admin', key = KEY } = {}): string {
  return `<auth><site id="${site}"/><service id="${service}"/><name><![CDATA[${name}]]></name><pass><![CDATA[${key}]]></pass></auth>`
}

/** A request of the unsubscribe family. */
export function request(content: string, block = auth()): string {
  return `<?xml version="1.0" encoding="UTF-8" ?>\n<request>${block}${content}</request>`
}

export interface Answer {
  status: number
  text: string
  headers: Headers
}

/** Kaijo with two sites, serving the XML interface of arara on loopback. */
export async function startAraraV1(
  t: Lifetime,
  {
    engine = 'sqlite',
    settings = {},
    timeZone = 'Asia/Tokyo',
    ...options
  }: InstallationOptions & {
    engine?: EngineName
    settings?: Record<string, unknown>
    timeZone?: string
  } = {},
) {
  const installation = await install(t, engine, { serves: 'http', ...options })
  const { capabilities } = installation
  const [acme, other] = SITES.sites
  const [news, shop] = acme?.services ?? []
  const services = [{ ...news, settings, timeZone }, shop]
  const sites = [{ ...acme, services }, other]
  await provision(provisionParts(capabilities, 'operator'), JSON.parse(JSON.stringify({ sites })))
  const [service] = await findServices(capabilities.database, 1)
  if (!service) throw new Error('the service was not made')

  const post = async (
    path: string,
    body: string | Buffer,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const response = await fetch(`${installation.url}/tm/${path}.php`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream', ...headers },
      body,
    })
    return { status: response.status, text: await response.text(), headers: response.headers }
  }
  return { ...installation, service, post }
}
