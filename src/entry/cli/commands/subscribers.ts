import { json as readJson } from 'node:stream/consumers'
import { type Command, Option } from 'commander'
import { type ApiClient, withApi } from '../api-client.ts'
import { addCommand, type CommonOptions, gather, note, print, printJson } from '../command.ts'
import { mistake } from '../failure.ts'
import type { CliHost } from '../host.ts'
import { inputStream } from '../input.ts'
import { type Page, readAll } from '../pages.ts'
import { servicePath } from '../services.ts'
import { wholeNumber } from '../whole-number.ts'

interface Options extends CommonOptions {
  service?: string
}

interface DataOptions extends Options {
  userId?: string[]
  attributes?: Record<string, unknown>
}

interface EditOptions extends DataOptions {
  join?: true
  leave?: true
}

interface ListOptions extends Options {
  contains?: string
  userId?: string
  membership?: string
  limit: number
}

interface ImportOptions extends Options {
  membership: string
  encoding?: string
}

interface Imported {
  encoding: string
  rows: number
  imported: number
  rejects: { row: number; text: string; reason: string }[]
}

interface Subscriber {
  address: string
  userIds: string[]
  membership: string
  since: string
  via: string
}

export function addSubscribers(program: Command, host: CliHost): void {
  const subscribers = program
    .command('subscribers')
    .description('end users of a site, who join services and leave them')

  ofService(subscribers, 'list', 'list who joined a service and who left it, by address', [
    'subscribers list',
    'subscribers list --service news --membership joined --contains @example.jp --json',
  ])
    .option('--contains <text>', 'a part of the address')
    .option('--user-id <id>', 'what the customer calls them')
    .option('--membership <membership>', 'joined or left')
    .option('--limit <number>', 'so many at most', wholeNumber, 100)
    .action(async ({ service, json, limit, contains, userId, membership }: ListOptions) => {
      const found = await withApi(host, async (api) => {
        const path = `${await pathOf(api, service)}/search`
        const search = { contains, userId, membership }
        return readAll((page) => api.post<Page<Subscriber>>(path, search, page), limit)
      })
      if (json) printJson({ items: found })
      else for (const subscriber of found) print(lineOf(subscriber))
    })

  ofService(subscribers, 'show <address>', 'show a subscriber with user ids and attributes', [
    'subscribers show taro@example.jp',
  ]).action(async (address: string, { service }: Options) => {
    await withApi(host, async (api) =>
      printJson(await api.post(`${await pathOf(api, service)}/read`, { address })),
    )
  })

  withData(
    ofService(
      subscribers,
      'register <address>',
      'register a subscriber: they join, and mail reaches them again',
      ['subscribers register taro@example.jp --user-id 4711 --attributes \'{"name":"太郎"}\''],
    ),
  ).action(async (address: string, { service, json, ...data }: DataOptions) => {
    const done = await withApi(host, async (api) =>
      api.post<Subscriber & { lifted: number; created: boolean }>(await pathOf(api, service), {
        address,
        ...dataOf(data),
      }),
    )
    if (json) printJson(done)
    else
      print(
        `${done.address} ${done.created ? 'is new' : 'was known'}, taken off ${done.lifted} ${done.lifted === 1 ? 'list' : 'lists'}`,
      )
  })

  withData(
    ofService(subscribers, 'edit <address>', 'change a subscriber, or let them join or leave', [
      'subscribers edit taro@example.jp --join',
      'subscribers edit taro@example.jp --leave --attributes {}',
    ]),
  )
    .option('--join', 'they join, and mail reaches them again')
    .option('--leave', 'they leave; it puts them on no list')
    .action(async (address: string, { service, json, join, leave, ...data }: EditOptions) => {
      if (join && leave) throw mistake('give --join or --leave, and not both')
      const membership = join ? 'joined' : leave ? 'left' : undefined
      const change = { address, ...dataOf(data), membership }
      const done = await withApi(host, async (api) =>
        api.post<Subscriber & { lifted: number }>(`${await pathOf(api, service)}/edit`, change),
      )
      if (json) printJson(done)
      else print(`${lineOf(done)}\ttaken off ${done.lifted} ${done.lifted === 1 ? 'list' : 'lists'}`)
    })

  ofService(
    subscribers,
    'delete <address>',
    'delete a subscriber from a service; who is on a list stays there',
    ['subscribers delete taro@example.jp'],
  ).action(async (address: string, { service, json }: Options) => {
    await withApi(host, async (api) => {
      const body = { type: 'application/json', content: JSON.stringify({ address }) }
      const answer = await api.stream({ method: 'POST', path: `${await pathOf(api, service)}/delete`, body })
      answer.resume()
    })
    if (json) printJson({ deleted: true })
    else print('deleted')
  })

  ofService(
    subscribers,
    'import <file>',
    'register the subscribers of a CSV file, taking nobody off any list',
    ['subscribers import people.csv', 'subscribers import people.csv --encoding shift_jis --json'],
  )
    .addHelpText(
      'after',
      '\nA header names a column メールアドレス or email; columns user_id and attributes are taken by their names. Without a' +
        '\nheader the first column is the address. UTF-8 or Shift_JIS, at most 100,000 rows of 4,096 bytes; - is stdin.',
    )
    .addOption(
      new Option('--membership <membership>', 'what they become')
        .choices(['joined', 'left'])
        .default('joined'),
    )
    .option('--encoding <encoding>', 'what the file is written in, if not UTF-8 or Shift_JIS')
    .action(async (file: string, { service, json, membership, encoding }: ImportOptions) => {
      const done = await withApi(host, async (api) => {
        const path = `${await pathOf(api, service)}/import`
        const body = { type: 'application/octet-stream', content: await inputStream(file) }
        const query = { membership, encoding }
        return (await readJson(await api.stream({ method: 'POST', path, query, body }))) as Imported
      })
      if (json) return printJson(done)
      print(`${done.imported} of ${done.rows} rows imported (${done.encoding})`)
      for (const { row, text, reason } of done.rejects) note(`row ${row}: ${reason}: ${text}`)
    })
}

function ofService(parent: Command, name: string, description: string, examples: string[]): Command {
  return addCommand(parent, name, description, examples).option(
    '--service <id or name>',
    'which one; not needed when there is one service',
  )
}

function withData(command: Command): Command {
  return command
    .option('--user-id <id>', 'what the customer calls them; several times for several', gather)
    .option('--attributes <json>', 'an object; replaces what was there', readObject)
}

function dataOf({ userId, attributes }: Pick<DataOptions, 'userId' | 'attributes'>) {
  return { userIds: userId, attributes }
}

function readObject(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text)
  } catch {
    throw mistake('--attributes: is not JSON')
  }
}

async function pathOf(api: ApiClient, service: string | undefined): Promise<string> {
  return `${await servicePath(api, service)}/subscribers`
}

function lineOf({ address, membership, since, via, userIds }: Subscriber): string {
  return [address, membership, since, via, userIds.join(',') || '-'].join('\t')
}
