import { provision } from '../../../src/access/provision/provision.ts'
import { provisionParts } from '../../../src/entry/http/parts/native-parts.ts'
import type { EngineName } from '../../../src/storage/database.ts'
import { sharedInstallation } from '../../support/installation.ts'

export const ADMIN = { name: 'shop@acme.example', key: 'key-of-the-shop' }
export const OTHER = { name: 'viewer@acme.example', key: 'key-of-the-viewer' }
export const BOTH = { name: 'both@acme.example', key: 'key-of-both-services' }

const INSTALLATION = {
  sites: [
    {
      id: 1,
      name: 'acme',
      apiUsers: [
        { ...ADMIN, role: 'group-admin', services: ['shop'] },
        { ...OTHER, permissions: ['view'], services: ['shop'] },
        { ...BOTH, role: 'group-admin' },
      ],
      services: [
        { id: 10, name: 'shop', allowedDomains: ['example.com'] },
        { id: 11, name: 'news', timeZone: 'America/New_York' },
      ],
    },
  ],
}

/** API v2 over HTTP, of an installation that all tests of a block share. */
export function araraV2Api(engine: EngineName = 'sqlite', env: NodeJS.ProcessEnv = {}) {
  let provisioned: Promise<unknown> | undefined
  const installation = sharedInstallation(engine, () => ({ serves: 'http', env }))
  const ready = () => {
    provisioned ??= provision(provisionParts(installation().capabilities, 'operator'), INSTALLATION)
    return provisioned
  }
  /** A call with the admin's key, unless the headers say otherwise. */
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = { authorization: `Bearer ${ADMIN.key}` },
  ) => {
    await ready()
    const response = await fetch(installation().url + path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined
        ? {}
        : {
            body:
              typeof body === 'string' || body instanceof Uint8Array
                ? (body as string)
                : JSON.stringify(body),
          }),
    })
    const text = await response.text()
    return { status: response.status, type: response.headers.get('content-type'), text, json: parsed(text) }
  }
  return { installation, ready, call }
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into JSON of every shape
function parsed(text: string): any {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
