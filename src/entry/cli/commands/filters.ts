import { type Command, Option } from 'commander'
import { type ApiClient, withApi } from '../api-client.ts'
import {
  addCommand,
  type CommonOptions,
  type GivenHeaders,
  gatherHeader,
  print,
  printJson,
} from '../command.ts'
import { mistake } from '../failure.ts'
import type { CliHost } from '../host.ts'
import { readText } from '../input.ts'
import { type Page, readAll } from '../pages.ts'
import { servicePath } from '../services.ts'
import { numberFromZero } from '../whole-number.ts'

interface Options extends CommonOptions {
  service?: string
}

interface Rule {
  name?: string
  header?: string
  pattern?: string
  match?: 'exact' | 'regex'
  position?: number
}

interface TryOptions extends Options {
  from?: string
  header?: GivenHeaders
  raw?: string
}

interface Filter extends Required<Rule> {
  classId: string
}

interface Trial {
  filters: (Filter & { verdict: string })[]
  link: string | null
  lists: string[]
}

export function addFilters(program: Command, host: CliHost): void {
  const filters = program
    .command('filters')
    .description('which mail has a list of its own (購読解除フィルタ)')

  ofService(filters, 'list', 'list them in the order in which they are tried', [
    'filters list',
    'filters list --service news --json',
  ]).action(async ({ service, json }: Options) => {
    const found = await withApi(host, async (api) => findFilters(api, await pathOf(api, service)))
    if (json) printJson({ items: found })
    else for (const filter of found) print(lineOf(filter))
  })

  withRule(
    ofService(filters, 'create <name>', 'make one with its list', [
      'filters create 配信リストA --header List-Id --pattern "<a.example.com>"',
      'filters create tips --header Subject --match regex --pattern "^Tip of" --position 0',
    ]),
  ).action(async (name: string, { service, json, ...rule }: Options & Rule) => {
    if (rule.header === undefined || rule.pattern === undefined) throw mistake('give --header and --pattern')
    const filter = await withApi(host, async (api) =>
      api.post<Filter>(await pathOf(api, service), { name, ...rule }),
    )
    tell(filter, json)
  })

  withRule(
    ofService(filters, 'edit <name>', 'change what is given of one; its list stays the same one', [
      'filters edit tips --pattern "^(Tip|Hint) of"',
      'filters edit tips --name hints --position 0',
    ]).option('--name <name>', 'the new one'),
  ).action(async (given: string, { service, json, ...rule }: Options & Rule) => {
    const filter = await withApi(host, async (api) => {
      const { classId } = await find(api, service, given)
      return api.patch<Filter>(`${await pathOf(api, service)}/${classId}`, rule)
    })
    tell(filter, json)
  })

  ofService(
    filters,
    'delete <name>',
    'delete the rule; who is on its list stays known, and its links work for ever',
    ['filters delete tips'],
  ).action(async (given: string, { service, json }: Options) => {
    await withApi(host, async (api) => {
      const { classId } = await find(api, service, given)
      await api.delete(`${await pathOf(api, service)}/${classId}`)
    })
    if (json) printJson({ deleted: true })
    else print('deleted')
  })

  ofService(filters, 'try', 'tell which of them a mail falls under, and why not under others', [
    'filters try --from news@example.com --header "List-Id: <a.example.com>"',
    'filters try --raw mail.eml --json',
  ])
    .option('--from <address>', 'of the mail')
    .option('--header <name: value>', 'of the mail; several times for several', gatherHeader)
    .option('--raw <file>', 'a whole mail, or its header; - is stdin')
    .action(async ({ service, json, from, header, raw }: TryOptions) => {
      const mail =
        raw === undefined
          ? { from, headers: header }
          : { message: await readText(raw), from, headers: header }
      const trial = await withApi(host, async (api) =>
        api.post<Trial>(`${await pathOf(api, service)}/try`, mail),
      )
      if (json) return printJson(trial)
      for (const { name, verdict } of trial.filters) print(`${verdict}\t${name}`)
      print(`link\t${trial.link ?? 'none'}`)
    })
}

function ofService(parent: Command, name: string, description: string, examples: string[]): Command {
  return addCommand(parent, name, description, examples).option(
    '--service <id or name>',
    'whose filter it is; not needed when there is one service',
  )
}

function withRule(command: Command): Command {
  return command
    .option('--header <name>', 'the header that it looks at')
    .option('--pattern <pattern>', 'what the value is, or what RE2 finds in it')
    .addOption(new Option('--match <match>', 'exact unless given').choices(['exact', 'regex']))
    .option('--position <number>', 'its place in the order, from 0; last unless given', numberFromZero)
}

async function pathOf(api: ApiClient, service: string | undefined): Promise<string> {
  return `${await servicePath(api, service)}/filters`
}

function findFilters(api: ApiClient, path: string): Promise<Filter[]> {
  return readAll((page) => api.get<Page<Filter>>(path, page))
}

async function find(api: ApiClient, service: string | undefined, given: string): Promise<Filter> {
  const filters = await findFilters(api, await pathOf(api, service))
  const filter = filters.find(({ name, classId }) => name === given || classId === given)
  if (!filter) throw mistake(`there is no filter ${given}`)
  return filter
}

function tell(filter: Filter, json: true | undefined): void {
  if (json) printJson(filter)
  else print(lineOf(filter))
}

function lineOf({ position, name, header, match, pattern, classId }: Filter): string {
  return [position, name, header, match, pattern, classId].join('\t')
}
