import type { Command } from 'commander'
import { type ApiClient, withApi } from '../api-client.ts'
import {
  addCommand,
  type CommonOptions,
  type GivenHeaders,
  gatherHeader,
  note,
  print,
  printJson,
} from '../command.ts'
import { mistake } from '../failure.ts'
import { type Minted, mintAll, type Outcome } from '../headers/mint-all.ts'
import type { CliHost } from '../host.ts'
import { write } from '../output.ts'
import { servicePath } from '../services.ts'

interface Options extends CommonOptions {
  service?: string
  from: string
  to?: string
  messageId?: string
  header?: GivenHeaders
}

export function addHeaders(program: Command, host: CliHost): void {
  addCommand(program, 'headers [file]', 'mint the two header lines for a mail that someone else sends', [
    'headers --from news@example.com --to taro@example.jp',
    "headers --service news --from news@example.com --to taro@example.jp --message-id '<1@example.com>' --json",
    'check --from news@example.com list.txt | kaijo headers --from news@example.com -',
    'headers --from news@example.com --json - < mails.ndjson',
  ])
    .addHelpText(
      'after',
      '\nOf a file (- is stdin) each line is an address, or {"to", "messageId", "headers"} as JSON. The answer is one line' +
        '\nfor each: address and both header lines, separated by tabs; with --json what came, and "listUnsubscribe",' +
        '\n"listUnsubscribePost" and "url", or "error". It comes before the next line is read: keep the process and talk to it.' +
        '\n\nExit codes: 0 every mail has its headers; 2 a mistake: of the mails of a file, those that are told on stderr (or' +
        '\nhave an "error") have none; 1 the server could not be asked: mail only those that have an answer.' +
        '\nWho opted out gets headers too: ask kaijo check first.',
    )
    .option('--service <id or name>', 'whose sender it is; not needed when there is one service')
    .requiredOption('--from <address>', 'the registered sender')
    .option('--to <address>', 'the recipient; without it, those of the file')
    .option('--message-id <id>', 'of the mail that will carry the lines')
    .option('--header <name: value>', 'a header that filters look at; may be repeated', gatherHeader)
    .action(async (file: string | undefined, options: Options) => {
      if ((file === undefined) === (options.to === undefined)) {
        throw mistake('give --to, or a file of recipients, and not both')
      }
      if (file !== undefined && options.messageId !== undefined) {
        throw mistake('--message-id is for one mail; in a file each line says its own')
      }
      await withApi(host, async (api) => {
        const path = `${await servicePath(api, options.service)}/headers`
        if (file === undefined) await mintOne(api, path, options)
        else await mintFile(api, path, file, options)
      })
    })
}

async function mintOne(
  api: ApiClient,
  path: string,
  { from, to, messageId, header: headers, json }: Options,
): Promise<void> {
  const minted = await api.post<Minted>(path, { from, to, messageId, headers })
  if (json) return printJson(minted)
  for (const line of linesOf(minted)) print(line)
}

async function mintFile(
  api: ApiClient,
  path: string,
  file: string,
  { from, header: headers, json }: Options,
): Promise<void> {
  const count = { all: 0, mistaken: 0 }
  for await (const outcomes of mintAll(api, path, file, { from, headers })) {
    count.all += outcomes.length
    count.mistaken += outcomes.filter((outcome) => 'error' in outcome).length
    await write(process.stdout, outcomes.map(json ? toJson : toRow).join(''))
  }
  if (count.mistaken > 0) throw mistake(`${count.mistaken} of ${count.all} mails have no headers`)
}

function toJson(outcome: Outcome): string {
  return `${JSON.stringify(outcome)}\n`
}

/** Empty for a mistake, which is reported on stderr. */
function toRow(outcome: Outcome): string {
  if ('error' in outcome) {
    note(`error: ${outcome.error}`)
    return ''
  }
  return `${[outcome.to, ...linesOf(outcome)].join('\t')}\n`
}

function linesOf({ listUnsubscribe, listUnsubscribePost }: Minted): string[] {
  return [`List-Unsubscribe: ${listUnsubscribe}`, `List-Unsubscribe-Post: ${listUnsubscribePost}`]
}
