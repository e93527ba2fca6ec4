import { createForm } from '../../../src/subscribers/forms/form.ts'
import type { FormRequest } from '../../../src/tenants/form-rules.ts'
import { addTenant, type Installation, sharedInstallation, type Tenant } from '../../support/installation.ts'
import { textOfMail } from '../../support/mail-text.ts'
import { type SmtpSink, startSmtpSink } from '../../support/smtp-sink.ts'

/** What public links of the installation begin with. */
export const PUBLIC = 'https://u.example.com'

export const REQUEST = {
  name: 'newsletter',
  texts: {
    ja: { title: 'メルマガ登録', lead: '毎週\nお届けします。', consent: '同意する', done: 'ようこそ。' },
    en: { title: 'Newsletter', consent: 'I agree', done: 'Welcome.', mailSubject: 'Almost {{there}}' },
  },
  fields: [
    { attribute: 'name', type: 'text', label: { ja: 'お名前', en: 'Name' }, required: true },
    { attribute: 'offers', type: 'checkbox', label: { ja: '特典', en: 'Offers' } },
  ],
} satisfies FormRequest

/** An installation that believes a proxy before it, and the relay that keeps what it mails. */
export interface Asking {
  installation: Installation
  sink: SmtpSink
}

/** One for all tests of a block. To be called in the block itself. */
export function sharedAsking(
  engine: Parameters<typeof sharedInstallation>[0],
  options: { now?: number } = {},
): () => Asking {
  let sink: SmtpSink
  const installation = sharedInstallation(engine, async (t) => {
    sink = await startSmtpSink()
    t.after(() => sink.close())
    const env = {
      KAIJO_RELAY_URL: sink.url,
      KAIJO_PUBLIC_URL: PUBLIC,
      KAIJO_INBOUND_DOMAIN: 'in.example.com',
      KAIJO_TRUSTED_PROXIES: '127.0.0.1',
    }
    return { serves: 'http,worker', env, ...options }
  })
  return () => ({ installation: installation(), sink })
}

interface Visited {
  status: number
  headers: Headers
  body: string
}

export type TenantRequest = NonNullable<Parameters<typeof addTenant>[1]>

/** A form of a service of its own, as somebody with a browser meets it. */
export interface PublicForm {
  tenant: Tenant
  service: Tenant['service']
  id: string
  path: string
  open(headers?: Record<string, string>, query?: string): Promise<Visited>
  /** What is not said of attributes is filled in. */
  enter(entered: Record<string, string>, headers?: Record<string, string>): Promise<Visited>
  /** The last of so many mails that came since the form was made. */
  lastMail(count?: number): Promise<{ head: string; text: string; link: string; to: string | undefined }>
}

let clients = 0

/** Makes one; each is met from an address of its own. */
export async function publicForm(
  { installation, sink }: Asking,
  change: Partial<FormRequest> = {},
  given: TenantRequest = {},
): Promise<PublicForm> {
  const tenant = await addTenant(installation, given)
  const { service } = tenant
  const { database } = installation.capabilities
  const { id } = await createForm(database, service, { ...REQUEST, ...change, now: 0 })
  const path = `/-/form/${id}`
  const before = sink.messages.length
  clients += 1
  const client = { 'x-forwarded-for': `192.0.2.${clients}` }
  return {
    ...{ tenant, service, id, path },
    open: (headers = {}, query = '') => visit(installation, `${PUBLIC}${path}${query}`, headers),
    enter: (entered, headers = {}) => {
      const { address = '', consent = 'yes', website = '', ...attributes } = { name: 'A. Reader', ...entered }
      const fields = new URLSearchParams({ address, consent, website })
      for (const [name, value] of Object.entries(attributes)) fields.set(`attributes.${name}`, value)
      return visit(installation, `${PUBLIC}${path}`, { ...client, ...headers }, 'POST', fields)
    },
    lastMail: async (count = 1) => {
      const message = (await sink.waitFor(before + count)).at(-1)
      const { head, text } = textOfMail(message?.raw ?? Buffer.alloc(0))
      const [link = ''] = /https:\/\/u\.example\.com\/-\/join\/[\w-]+/.exec(text) ?? []
      return { head, text, link, to: message?.to[0] }
    },
  }
}

/** Follows a public link. */
export async function visit(
  { url }: Installation,
  link: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body?: URLSearchParams,
): Promise<Visited> {
  const response = await fetch(link.replace(PUBLIC, url), {
    ...{ method, headers, redirect: 'manual' },
    ...(body && { body }),
  })
  return { status: response.status, headers: response.headers, body: await response.text() }
}
