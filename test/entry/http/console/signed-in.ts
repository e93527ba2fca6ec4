import { randomUUID } from 'node:crypto'
import type { PersonAccountTable } from '../../../../src/storage/people-tables.ts'
import type { Installation } from '../../../support/installation.ts'

export const PASSWORD = 'correct horse battery'

export interface Grants {
  role?: 'administrator' | 'operator' | 'viewer'
  permissions?: string[]
  siteId?: number | null
  services?: string[]
}

/** A browser of someone who works in the console: keeps cookies, and says where its requests come from. */
export interface Browser {
  cookies: { name: string; value: string }[]
  fetch(path: string, init?: RequestInit & { json?: unknown }): Promise<Response>
}

export function openBrowser({ url }: Installation): Browser {
  const jar = new Map<string, string>()
  const browser: Browser = {
    get cookies() {
      return [...jar].map(([name, value]) => ({ name, value }))
    },
    fetch: async (path, { json, ...init } = {}) => {
      const headers = {
        ...(jar.size > 0 && {
          cookie: browser.cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
        }),
        origin: url,
        'sec-fetch-site': 'same-origin',
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...(init.headers as Record<string, string>),
      }
      const body = json === undefined ? {} : { method: 'POST', body: JSON.stringify(json) }
      const response = await fetch(`${url}${path}`, { redirect: 'manual', ...body, ...init, headers })
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        if (/max-age=0\b/i.test(line)) jar.delete(name)
        else jar.set(name, value)
      }
      return response
    },
  }
  return browser
}

export function signIn(browser: Browser, email: string, password = PASSWORD): Promise<Response> {
  return browser.fetch('/console/auth/sign-in/email', { json: { email, password } })
}

/** Enters a person with a password, as an administrator and they themselves would. */
export async function enterPerson(
  { capabilities }: Installation,
  email: string,
  { role = 'administrator', permissions = [], siteId = null, services = [] }: Grants = {},
): Promise<string> {
  const { createPerson } = await import('../../../../src/access/people/person.ts')
  const { database, clock, consoleAuth } = capabilities
  const grants = { role, permissions: permissions as never, siteId, services }
  const { id } = await createPerson(database, { email, name: email, ...grants }, clock())
  return consoleAuth.makeSetPasswordToken(id)
}

export async function setPassword(installation: Installation, token: string): Promise<Browser> {
  const browser = openBrowser(installation)
  const set = await browser.fetch('/console/auth/reset-password', { json: { token, newPassword: PASSWORD } })
  if (!set.ok) throw new Error(`no password could be set: ${set.status} ${await set.text()}`)
  return browser
}

/** What is stored of somebody who set `PASSWORD`. */
let stored: PersonAccountTable | undefined

/** Gives a person `PASSWORD`: the first of a process sets it by a link, the others get what was stored of that, since a hash takes long. */
async function givePassword(installation: Installation, email: string, token: string): Promise<void> {
  const { database } = installation.capabilities
  const { query } = database
  if (stored === undefined) await setPassword(installation, token)
  const [person] = await database.read(query.selectFrom('person').select('id').where('email', '=', email))
  if (!person) throw new Error(`nobody is ${email}`)
  if (stored !== undefined) {
    const own = { ...stored, id: randomUUID(), person_id: person.id, account_id: person.id }
    await database.transact([query.insertInto('person_account').values(own)])
    return
  }
  const accounts = query.selectFrom('person_account').selectAll().where('person_id', '=', person.id)
  stored = (await database.read(accounts))[0]
}

/** A browser in which a person with these grants is signed in. */
export async function signedIn(
  installation: Installation,
  email: string,
  grants: Grants = {},
): Promise<Browser> {
  await givePassword(installation, email, await enterPerson(installation, email, grants))
  const browser = openBrowser(installation)
  const entered = await signIn(browser, email)
  if (!entered.ok) throw new Error(`could not sign in: ${entered.status} ${await entered.text()}`)
  return browser
}
