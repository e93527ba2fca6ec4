import { type Command, Option } from 'commander'
import { SUPPRESSION_STATES } from '../../../suppression/deciding/suppression-state.ts'
import { type StreamCall, withApi } from '../api-client.ts'
import { addCommand, type CommonOptions } from '../command.ts'
import { mistake } from '../failure.ts'
import type { CliHost } from '../host.ts'
import { saveAnswer } from '../save-answer.ts'
import { servicePath } from '../services.ts'
import { wholeNumber } from '../whole-number.ts'

interface FileOptions extends CommonOptions {
  service?: string
  format?: 'csv' | 'ndjson'
  bom?: true
  gzip?: true
  zip?: true
  aes?: true
  output?: string
}

interface Options extends FileOptions {
  sender?: string
  filter?: string
  list?: string
  from?: string
  to?: string
  state?: string
  kind?: string
  by?: string
  reason?: string
  contains?: string
  days?: number
}

const LIST_COLUMNS = 'address, reason, since, requestedAt, expiresAt, source, messageId, state, list'

export function addExport(program: Command, host: CliHost): void {
  const exports = program.command('export').description('write lists out, whatever their size')

  const oneClick = addFile(exports, 'one-click', 'who used the one-click link of a sender', {
    examples: [
      'export one-click --sender news@example.com --output stopped.csv',
      'export one-click --service news --sender news@example.com --from 2026-11-01 --to 2026-11-30 --bom > november.csv',
    ],
    columns: 'address, Message-ID, time of the request, flag (1 = deliverable, 0 = excluded)',
  })
  addPeriod(oneClick.requiredOption('--sender <address>', 'the registered sender')).action(
    async ({ sender, from, to, ...options }: Options) => {
      await save(host, options, (query) => ({
        method: 'GET',
        path: '/exports/one-click',
        query: { sender, from, to, ...query },
      }))
    },
  )

  const agreements = addFile(exports, 'agreements', 'what people agreed to when they registered by a form', {
    examples: ['export agreements -o agreements.csv', 'export agreements --from 2026-11-01 --json'],
    columns:
      'address, when and from where they agreed and confirmed, form with its id and revision, language, text, its SHA-256',
  })
  addPeriod(agreements).action(async ({ from, to, ...options }: Options) => {
    await save(host, options, (query) => ({
      method: 'GET',
      path: '/exports/agreements',
      query: { from, to, ...query },
    }))
  })

  const addList = (name: string, description: string, examples: string[], columns = LIST_COLUMNS) =>
    addNarrowing(addPeriod(addFile(exports, name, description, { examples, columns })), name, host).addOption(
      new Option('--state <state>', 'active unless given').choices([...SUPPRESSION_STATES, 'all']),
    )
  addList(
    'unsubscribes',
    'who stopped the mail of a sender, or of any',
    [
      'export unsubscribes --output stopped.csv',
      'export unsubscribes --sender news@example.com --zip --output stopped.zip',
    ],
    'from_address, user_id, target, timestamp; a line for each user id',
  ).option('--sender <address>', 'of this sender alone')
  addList('hard-bounces', 'addresses that cannot be delivered to', ['export hard-bounces -o bounces.csv'])
  addList('complaints', 'who called mail spam', ['export complaints --gzip -o complaints.csv.gz'])
  addList('blocklist', 'who is never mailed', ['export blocklist --state all --json'])
  addList('filter', 'the list of a filter', [
    'export filter --filter 配信リストA --bom -o a.csv',
  ]).requiredOption('--filter <name>', 'the name of the filter')

  addSomeList(
    addNarrowing(
      addPeriod(
        addFile(exports, 'events', 'everything that happened, with its evidence', {
          examples: [
            'export events --from 2026-11-01 --to 2026-11-30 --gzip -o november.csv.gz',
            'export events --by recorded --from 2026-11-26 --to 2026-11-26 -o yesterday.csv',
          ],
          columns: 'when, list, kind, address, reason, source, Message-ID, evidence, the state before',
        }),
      ),
      'events',
      host,
    ),
  )
    .addOption(new Option('--kind <kind>').choices(['stop', 'resume', 'remove']))
    .addOption(
      new Option('--by <time>', 'which time --from and --to mean; requested unless given').choices([
        'requested',
        'recorded',
      ]),
    )

  addSomeList(
    addNarrowing(
      addFile(exports, 'expiring', 'who becomes deliverable again by itself in the next days', {
        examples: ['export expiring --days 7 -o expiring.csv', 'export expiring --list blocklist --json'],
        columns: 'list, address, day, expiresAt, reason, since, requestedAt, source, messageId',
      }),
      'expiring',
      host,
    ),
  ).option('--days <number>', 'until the end of so many days after today', wholeNumber, 7)
}

function addFile(
  parent: Command,
  name: string,
  description: string,
  { examples, columns }: { examples: readonly string[]; columns: string },
): Command {
  return addCommand(parent, name, description, examples)
    .addHelpText('after', `\nColumns: ${columns}.`)
    .option('--service <id or name>', 'whose lists; not needed when there is one service')
    .addOption(
      new Option('--format <format>', 'csv, or ndjson, which --json means too').choices(['csv', 'ndjson']),
    )
    .option('--bom', 'begin CSV with a byte order mark, for Excel')
    .addOption(new Option('--gzip', 'compress the file').conflicts('zip'))
    .option('--zip', 'in a ZIP, which is encrypted where the service has an export password')
    .addOption(new Option('--aes', 'encrypt the ZIP with AES-256, not ZipCrypto').implies({ zip: true }))
    .option('-o, --output <file>', 'write there; the file appears when it is complete')
}

function addPeriod(command: Command): Command {
  return command
    .option('--from <day or moment>', 'the first day, in the time zone of the service')
    .option('--to <day or moment>', 'the last day')
}

/** The filter goes in the body: it may hold a part of an address. */
function addNarrowing(command: Command, name: string, host: CliHost): Command {
  return command
    .option('--reason <reason>', 'why they are on the list')
    .option('--contains <text>', 'a part of the address')
    .action(async (options: Options) => {
      const { sender, filter, list, from, to, state, kind, by, reason, contains, days } = options
      const wanted = { sender, filter, list, from, to, state, kind, by, reason, contains, days }
      await save(host, options, (query) => ({
        method: 'POST',
        path: `/exports/${name}`,
        query,
        body: { type: 'application/json', content: JSON.stringify(wanted) },
      }))
    })
}

function addSomeList(command: Command): Command {
  return command
    .option('--sender <address>', 'of this sender alone')
    .addOption(new Option('--filter <name>', 'of this filter alone').conflicts('sender'))
    .addOption(
      new Option(
        '--list <list>',
        'sender:ADDRESS, filter:NAME, hard-bounces, complaints or blocklist',
      ).conflicts(['sender', 'filter']),
    )
}

type Query = Record<string, string | boolean | undefined>

async function save(
  host: CliHost,
  { service, output, json, format, bom, gzip, zip, aes }: FileOptions,
  toCall: (query: Query) => StreamCall,
): Promise<void> {
  const compress = zip ? 'zip' : gzip ? 'gzip' : undefined
  if (compress && output === undefined && process.stdout.isTTY) {
    throw mistake('a compressed file is not for the terminal: give --output')
  }
  const query = {
    format: format ?? (json ? 'ndjson' : 'csv'),
    bom,
    compress,
    encryption: aes && 'aes-256',
  }
  await withApi(host, async (api) => {
    const { path, ...call } = toCall(query)
    const answer = await api.stream({ ...call, path: `${await servicePath(api, service)}${path}` })
    await saveAnswer(answer, output, { lines: compress === undefined })
  })
}
