import type { Command } from 'commander'
import { type ApiClient, withApi } from '../api-client.ts'
import { addCommand, type CommonOptions, note, print, printJson } from '../command.ts'
import { mistake } from '../failure.ts'
import type { CliHost } from '../host.ts'
import { readLines } from '../input.ts'
import { type Message, messageLine } from '../message-line.ts'
import { type Page, readAll, readPages } from '../pages.ts'
import { servicePath } from '../services.ts'
import { wholeNumber } from '../whole-number.ts'

interface Options extends CommonOptions {
  service?: string
}

interface ListOptions extends Options {
  state?: string
  sender?: string
  reference?: string
  from?: string
  to?: string
  limit: number
}

interface ResendOptions extends Options {
  list?: string
  file?: string
}

interface Delivery {
  id: number
  from: string
  subject: string
  state: string
  reference: string | null
  createdAt: string
  messages: Record<string, number>
}

interface Resent {
  queued: number
  excluded: Record<string, number>
  expired: number
  unknown: string[]
}

const MOST_RECIPIENTS_PER_CALL = 10_000

const CHANGES = {
  pause: 'hold back what has not been handed to the relay yet',
  resume: 'send on what was paused',
  cancel: 'never send what has not been handed to the relay yet',
}

export function addDeliveries(program: Command, host: CliHost): void {
  const deliveries = program
    .command('deliveries')
    .description('mails that were taken in, and what to do with them')

  ofService(deliveries, 'list', 'list deliveries, newest first', [
    'deliveries list',
    'deliveries list --state paused --json',
    'deliveries list --reference autumn-2026 --from 2026-11-01',
  ])
    .option('--state <state>', 'active, paused or cancelled')
    .option('--sender <address>', 'the address in From')
    .option('--reference <name>', "the client's own name for it")
    .option('--from <day>', 'the first day of acceptance, in the time zone of the service')
    .option('--to <day>', 'the last day')
    .option('--limit <number>', 'so many at most', wholeNumber, 100)
    .action(async ({ service, json, limit, ...filter }: ListOptions) => {
      const found = await withApi(host, async (api) => {
        const path = `${await servicePath(api, service)}/deliveries/search`
        return readAll((page) => api.post<Page<Delivery>>(path, filter, page), limit)
      })
      if (json) printJson({ items: found })
      else for (const delivery of found) print(deliveryLine(delivery))
    })

  ofService(deliveries, 'show <id>', 'show a delivery and how far it is', [
    'deliveries show 1024',
    'deliveries show 1024 --json',
  ]).action(async (id: string, { service, json }: Options) => {
    const delivery = await withApi(host, async (api) => api.get<Delivery>(await pathOf(api, service, id)))
    if (json) printJson(delivery)
    else print(deliveryLine(delivery))
  })

  ofService(deliveries, 'messages <id>', 'what became of each recipient', [
    'deliveries messages 1024',
    'deliveries messages 1024 --state excluded --json',
  ])
    .option('--state <state>', 'queued, sending, sent, kept, failed, excluded or cancelled')
    .action(async (id: string, { service, state, json }: Options & { state?: string }) => {
      await withApi(host, async (api) => {
        const path = `${await pathOf(api, service, id)}/messages`
        const read = (page: object) => api.get<Page<Message>>(path, { state, ...page })
        for await (const items of readPages(read)) {
          for (const message of items) print(json ? JSON.stringify(message) : messageLine(message))
        }
      })
    })
    .addHelpText('after', '\n--json writes NDJSON.')

  for (const [verb, description] of Object.entries(CHANGES)) {
    ofService(deliveries, `${verb} <id>`, description, [
      `deliveries ${verb} 1024`,
      `deliveries ${verb} 1024 --json`,
    ]).action(async (id: string, { service, json }: Options) => {
      const delivery = await withApi(host, async (api) =>
        api.post<Delivery>(`${await pathOf(api, service, id)}/${verb}`),
      )
      if (json) printJson(delivery)
      else print(deliveryLine(delivery))
    })
  }

  ofService(
    deliveries,
    'resend <id> [addresses...]',
    'mail those who were excluded and may be mailed by now',
    [
      'deliveries resend 1024',
      'deliveries resend 1024 --list hard-bounces',
      'deliveries resend 1024 taro@example.jp hanako@example.jp',
    ],
  )
    .option('--list <list>', 'only whom this list excluded: sender:ADDRESS, filter:NAME, hard-bounces, …')
    .option('--file <file>', 'only these, one address a line; - is stdin')
    .addHelpText('after', '\nTake them off the list first, with kaijo resume: the lists are asked again.')
    .action(async (id: string, addresses: string[], { service, list, file, json }: ResendOptions) => {
      if (addresses.length > 0 && file !== undefined) throw mistake('give addresses or --file, and not both')
      const named = file === undefined ? addresses : await addressesIn(file)
      if (file !== undefined && named.length === 0) throw mistake('--file: the file holds no address')
      const total = await withApi(host, async (api) =>
        resend(api, `${await pathOf(api, service, id)}/resend`, list, named),
      )
      for (const address of total.unknown) note(`warning: ${address} was not excluded from it`)
      if (json) return printJson(total)
      print(`${areOrIs(total.queued)} queued`)
      if (total.expired > 0) print(`${areOrIs(total.expired)} not: what the mail said is not kept any longer`)
      for (const [name, count] of Object.entries(total.excluded))
        print(`${areOrIs(count)} excluded by ${name}`)
    })
}

function ofService(parent: Command, name: string, description: string, examples: string[]): Command {
  return addCommand(parent, name, description, examples).option(
    '--service <id or name>',
    'whose delivery it is; not needed when there is one service',
  )
}

async function pathOf(api: ApiClient, service: string | undefined, id: string): Promise<string> {
  if (!/^[1-9]\d{0,14}$/.test(id)) throw mistake(`${id} is not the number of a delivery`)
  return `${await servicePath(api, service)}/deliveries/${id}`
}

function deliveryLine({ id, createdAt, state, from, reference, subject, messages }: Delivery): string {
  const counts = Object.entries(messages).map(([name, count]) => `${count} ${name}`)
  const parts = [id, createdAt, state, from, counts.join(', ') || 'no messages']
  return [...parts, reference === null ? subject : `[${reference}] ${subject}`].join('\t')
}

async function resend(
  api: ApiClient,
  path: string,
  list: string | undefined,
  addresses: readonly string[],
): Promise<Resent> {
  if (addresses.length === 0) return api.post<Resent>(path, { list })
  const total: Resent = { queued: 0, excluded: {}, expired: 0, unknown: [] }
  for (let start = 0; start < addresses.length; start += MOST_RECIPIENTS_PER_CALL) {
    const recipients = addresses.slice(start, start + MOST_RECIPIENTS_PER_CALL)
    const answer = await api.post<Resent>(path, { list, recipients })
    total.queued += answer.queued
    total.expired += answer.expired
    total.unknown.push(...answer.unknown)
    for (const [name, count] of Object.entries(answer.excluded)) {
      total.excluded[name] = (total.excluded[name] ?? 0) + count
    }
  }
  return total
}

function areOrIs(count: number): string {
  return `${count} ${count === 1 ? 'is' : 'are'}`
}

async function addressesIn(file: string): Promise<string[]> {
  const found: string[] = []
  for await (const lines of readLines(file)) found.push(...lines.map(({ text }) => text))
  return found
}
