import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readControlFile } from '../../src/access/control-file.ts'
import { parseHeaderBlock, splitMessage, valuesOf } from '../../src/mail/header-block.ts'
import { type Installation, install } from '../support/installation.ts'
import type { Lifetime } from '../support/temp-dir.ts'

/** A Kaijo that listens, with a service, and what an application is told of it. */
export interface SomeKaijo {
  options: { url: string; key: string; service: number }
  /** Of an API user that may send and not look. */
  sendOnlyKey: string
  installation: Installation
  /** Puts addresses on a list. */
  stop(list: string, ...addresses: string[]): Promise<void>
  /** Does what a provider does with the link of a mail. */
  pressUnsubscribe(raw: Buffer): Promise<void>
  close(): Promise<void>
}

export const KEY = 'vendor-key-1'

const INSTALLATION = {
  sites: [
    {
      name: 'acme',
      apiUsers: [
        { name: 'app', key: KEY, permissions: ['view', 'send', 'edit', 'download'] },
        { name: 'blind', key: 'vendor-key-2', permissions: ['send'] },
      ],
      services: [
        {
          id: 1,
          name: 'news',
          allowedDomains: ['example.com'],
          senders: ['news@example.com', { address: 'shop@example.com', oneClick: false }],
          filters: [{ name: 'Tips', header: 'X-List', pattern: 'tips', match: 'exact' }],
        },
      ],
    },
  ],
}

/** @param relay where the mail goes that Kaijo sends itself */
export async function someKaijo(t: Lifetime, relay: { url: string }): Promise<SomeKaijo> {
  const env = { KAIJO_RELAY_URL: relay.url, KAIJO_PUBLIC_URL: 'https://u.example.com' }
  const installation = await install(t, 'sqlite', { serves: 'http,worker', env })
  const { url } = installation
  const control = await readControlFile(installation.dataDir)
  const post = async (path: string, token: string, body: object) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    assert.equal(response.status, 200, await response.text())
  }
  await post('/api/v1/provision', control?.token ?? '', INSTALLATION)
  return {
    options: { url, key: KEY, service: 1 },
    sendOnlyKey: 'vendor-key-2',
    installation,
    stop: (list, ...addresses) => post('/api/v1/services/1/suppressions', KEY, { list, addresses }),
    pressUnsubscribe: async (raw) => {
      const [, path = ''] =
        /^<https:\/\/u\.example\.com([^>]+)>/.exec(header(raw, 'List-Unsubscribe') ?? '') ?? []
      const response = await fetch(url + path, { method: 'POST', body: 'List-Unsubscribe=One-Click' })
      assert.equal(response.status, 200)
    },
    close: installation.close,
  }
}

/** The only field of a name, unfolded. */
export function header(raw: Buffer, name: string): string | undefined {
  const values = valuesOf(parseHeaderBlock(splitMessage(raw).head), name)
  assert.ok(values.length < 2, `${name} stands there ${values.length} times`)
  return values[0]
}

/** An HTTP server that answers as the test says. */
export async function someServer(t: Lifetime, listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(async () => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
