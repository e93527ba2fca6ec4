import { createTransport, type SentMessageInfo, type Transporter } from 'nodemailer'
import { type ApiUserRequest, putApiUser } from '../../../src/access/api-user.ts'
import type { EngineName } from '../../../src/storage/database.ts'
import type { Service, ServiceChange } from '../../../src/tenants/service.ts'
import { addTenant, type Installation, sharedInstallation, type Tenant } from '../../support/installation.ts'
import { type SmtpSink, startSmtpSink } from '../../support/smtp-sink.ts'
import { connectRaw, type RawClient } from './raw-client.ts'

export const KEY = 'vendor-key-1'

/** A gateway that listens, with a relay behind it that keeps what it is sent. */
export interface Gateway {
  installation: Installation
  sink: SmtpSink
}

/** One for all tests of a block. To be called in the block itself. */
export function sharedGateway(engine: EngineName, env: NodeJS.ProcessEnv = {}): () => Gateway {
  let sink: SmtpSink
  const installation = sharedInstallation(engine, async (t) => {
    sink = await startSmtpSink()
    t.after(() => sink.close())
    const settings = { KAIJO_RELAY_URL: sink.url, KAIJO_PUBLIC_URL: 'https://u.example.com', ...env }
    return { serves: 'smtp,worker', env: settings }
  })
  return () => ({ installation: installation(), sink })
}

/** A service with a sender, and an API user of its site. */
export interface Client extends Tenant {
  user: string
  /** Signed in, over plain SMTP. */
  raw(user?: string): Promise<RawClient>
  /** How many deliveries and messages the service has. */
  rows(): Promise<{ deliveries: number; messages: number }>
}

export async function addClient(
  { installation }: Gateway,
  given: ServiceChange & { address?: string; user?: Partial<ApiUserRequest> } = {},
): Promise<Client> {
  const { user: grants, ...change } = given
  const tenant = await addTenant(installation, change)
  const user = await addApiUser(installation, tenant.service, grants)
  return {
    ...tenant,
    user,
    raw: async (name = user) => {
      const client = await connectRaw(installation.smtp)
      await client.say('EHLO client.example.com')
      await client.say(authPlain(name))
      return client
    },
    rows: async () => {
      const { database } = installation.capabilities
      const { fn } = database.query
      const [found] = await database.read(
        database.query
          .selectFrom('delivery')
          .leftJoin('message', 'message.delivery_id', 'delivery.id')
          .select([
            fn.count<number>('delivery.id').distinct().as('deliveries'),
            fn.count<number>('message.id').as('messages'),
          ])
          .where('delivery.service_id', '=', tenant.service.id),
      )
      return { deliveries: Number(found?.deliveries), messages: Number(found?.messages) }
    },
  }
}

export async function addApiUser(
  { capabilities }: Installation,
  service: Service,
  given: Partial<ApiUserRequest> = {},
): Promise<string> {
  const { database, ids, keyring } = capabilities
  const request: ApiUserRequest & { now: number } = {
    siteId: service.siteId,
    name: `api-${service.name}@acme.example`,
    key: KEY,
    role: 'group-admin',
    permissions: [],
    services: [],
    now: 0,
    ...given,
  }
  await putApiUser(database, ids['api-user'], keyring, request)
  return request.name
}

export function authPlain(user: string, key = KEY): string {
  return `AUTH PLAIN ${Buffer.from(`\0${user}\0${key}`).toString('base64')}`
}

/** nodemailer as somebody's application. */
export function mailer(
  address: string,
  user: string,
  options: Record<string, unknown> = {},
): Transporter<SentMessageInfo> {
  const [host, port] = address.split(':')
  const tls = { rejectUnauthorized: false }
  return createTransport({ host, port: Number(port), auth: { user, pass: KEY }, tls, ...options } as never)
}

/** A small message, as lines. */
export function mail(...fields: string[]): string {
  return ['From: News <news@example.com>', 'Subject: Hello', ...fields, '', 'Body', ''].join('\r\n')
}

/** One transaction by raw commands, up to the answer to the message. */
export async function send(
  client: RawClient,
  content: string | Buffer,
  { from = 'bounces@example.com', to = ['taro@example.jp'] }: { from?: string; to?: string[] } = {},
): Promise<string> {
  await client.say(`MAIL FROM:<${from}>`)
  for (const address of to) await client.say(`RCPT TO:<${address}>`)
  await client.say('DATA')
  client.write(content)
  return client.say('.')
}
