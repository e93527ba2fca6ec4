import type { Command } from 'commander'
import { OUTCOMES } from '../../../messages/outcomes.ts'
import { withApi } from '../api-client.ts'
import { addCommand, type CommonOptions, print, printJson } from '../command.ts'
import { mistake } from '../failure.ts'
import type { CliHost } from '../host.ts'
import { type FoundMessage, messageLine } from '../message-line.ts'
import { type Page, readPages } from '../pages.ts'
import { saveAnswer } from '../save-answer.ts'
import { servicePath } from '../services.ts'
import { wholeNumber } from '../whole-number.ts'

interface FileOptions extends CommonOptions {
  service?: string
  from?: string
  to?: string
  csv?: true
  bom?: true
  output?: string
}

interface MessageOptions extends FileOptions {
  state?: string
  sender?: string
  recipient?: string
  delivery?: number
  list?: string
  limit: number
}

interface ExpiringOptions extends CommonOptions {
  service?: string
  list?: string
  days: number
}

interface ExpiringDay {
  day: string
  list: string
  count: number
}

interface Count {
  day: string
  sender: string
  outcome: string
  list: string | null
  count: number
}

type DayTotal = { day: string } & Record<(typeof OUTCOMES)[number], number>

export function addReport(program: Command, host: CliHost): void {
  const report = program.command('report').description('tell what became of mail')

  withFile(
    addPeriod(report, 'messages', 'what became of each recipient, newest first', [
      'report messages --state excluded --from 2026-11-01 --to 2026-11-30',
      'report messages --recipient taro@example.jp --json',
      'report messages --service news --state failed --csv --output failed.csv',
    ]),
  )
    .option('--state <state>', 'queued, sending, sent, kept, failed, excluded or cancelled')
    .option('--sender <address>', 'the address in From')
    .option('--recipient <address>', 'the address that it is for')
    .option('--delivery <id>', 'the delivery that it belongs to', wholeNumber)
    .option('--list <list>', 'what excluded it: sender:ADDRESS, filter:NAME, hard-bounces, …')
    .option('--limit <number>', 'so many at most, unless they go to a file format', wholeNumber, 100)
    .action(async ({ service, limit, ...options }: MessageOptions) => {
      const { state, sender, recipient, delivery, list, from, to } = options
      const filter = { state, sender, recipient, delivery, list, from, to }
      await withApi(host, async (api) => {
        const path = await servicePath(api, service)
        if (isFile(options)) {
          const body = { type: 'application/json', content: JSON.stringify(filter) }
          const call = { method: 'POST', path: `${path}/exports/messages`, body } as const
          return saveAnswer(await api.stream({ ...call, query: formatOf(options) }), options.output)
        }
        const read = (page: { limit: number; cursor: string | undefined }) =>
          api.post<Page<FoundMessage>>(`${path}/messages/search`, filter, page)
        for await (const items of readPages(read, limit)) {
          for (const message of items) print(messageLine(message))
        }
      })
    })

  withFile(
    addPeriod(report, 'counts', 'how many met with what on each day, by sender and list', [
      'report counts',
      'report counts --service news --from 2026-11-01 --to 2026-11-30 --csv --output november.csv',
    ]),
  ).action(async ({ service, ...options }: FileOptions) => {
    const { from, to } = options
    await withApi(host, async (api) => {
      const path = await servicePath(api, service)
      if (isFile(options)) {
        const query = { from, to, ...formatOf(options) }
        return saveAnswer(
          await api.stream({ method: 'GET', path: `${path}/exports/counts`, query }),
          options.output,
        )
      }
      const read = (page: object) => api.get<Page<Count>>(`${path}/counts`, { from, to, ...page })
      for await (const items of readPages(read)) {
        for (const { day, sender, outcome, list, count } of items) {
          print([day, sender, outcome, list ?? '-', count].join('\t'))
        }
      }
    })
  })

  addCommand(report, 'expiring', 'how many become deliverable again by themselves, by list and day', [
    'report expiring --days 7',
    'report expiring --service news --list sender:news@example.com --json',
  ])
    .option('--service <id or name>', 'whose lists; not needed when there is one service')
    .option('--list <list>', 'sender:ADDRESS, filter:NAME, hard-bounces, complaints or blocklist')
    .option('--days <number>', 'until the end of so many days after today', wholeNumber, 7)
    .action(async ({ service, list, days, json }: ExpiringOptions) => {
      const answer = await withApi(host, async (api) =>
        api.get<{ items: ExpiringDay[] }>(`${await servicePath(api, service)}/expiring`, { list, days }),
      )
      if (json) return printJson(answer)
      for (const { day, list, count } of answer.items) print([day, list, count].join('\t'))
    })

  addPeriod(report, 'days', 'the sums of each day', [
    'report days',
    'report days --from 2026-11-01 --to 2026-11-30 --json',
  ]).action(async ({ service, from, to, json }: FileOptions) => {
    const answer = await withApi(host, async (api) =>
      api.get<{ items: DayTotal[] }>(`${await servicePath(api, service)}/counts/days`, { from, to }),
    )
    if (json) return printJson(answer)
    print(['day', ...OUTCOMES].join('\t'))
    for (const total of answer.items)
      print([total.day, ...OUTCOMES.map((outcome) => total[outcome])].join('\t'))
  })
}

function addPeriod(parent: Command, name: string, description: string, examples: string[]): Command {
  return addCommand(parent, name, description, examples)
    .option('--service <id or name>', 'whose mail; not needed when there is one service')
    .option('--from <day>', 'the first day, in the time zone of the service')
    .option('--to <day>', 'the last day')
}

function withFile(command: Command): Command {
  return command
    .addHelpText('after', '\n--json writes NDJSON. --csv and --json write everything there is.')
    .option('--csv', 'write CSV (RFC 4180)')
    .option('--bom', 'begin CSV with a byte order mark, for Excel')
    .option('--output <file>', 'write CSV or NDJSON there; the file appears when it is complete')
}

function isFile({ csv, json, bom, output }: FileOptions): boolean {
  if (csv && json) throw mistake('give --csv or --json, and not both')
  if (!csv && !json && (bom || output !== undefined)) throw mistake('--bom and --output need --csv or --json')
  return csv === true || json === true
}

function formatOf({ csv, bom }: FileOptions): { format: 'csv' | 'ndjson'; bom: true | undefined } {
  return { format: csv ? 'csv' : 'ndjson', bom }
}
