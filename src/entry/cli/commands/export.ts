import { type Command, Option } from 'commander'
import { withApi } from '../api-client.ts'
import { addCommand, type CommonOptions } from '../command.ts'
import type { CliHost } from '../host.ts'
import { saveAnswer } from '../save-answer.ts'
import { servicePath } from '../services.ts'

interface Options extends CommonOptions {
  service?: string
  sender: string
  from?: string
  to?: string
  format?: 'csv' | 'ndjson'
  bom?: true
  output?: string
}

export function addExport(program: Command, host: CliHost): void {
  const exports = program.command('export').description('write lists out, whatever their size')
  addCommand(exports, 'one-click', 'who used the one-click link of a sender', [
    'export one-click --sender news@example.com --output stopped.csv',
    'export one-click --service news --sender news@example.com --from 2026-11-01 --to 2026-11-30 --bom > november.csv',
  ])
    .addHelpText(
      'after',
      '\nColumns: address, Message-ID, time of the request, flag (1 = deliverable, 0 = excluded).',
    )
    .option('--service <id or name>', 'whose sender it is; not needed when there is one service')
    .requiredOption('--sender <address>', 'the registered sender')
    .option('--from <day or moment>', 'the first day, in the time zone of the service')
    .option('--to <day or moment>', 'the last day')
    .addOption(
      new Option('--format <format>', 'csv, or ndjson, which --json means too').choices(['csv', 'ndjson']),
    )
    .option('--bom', 'begin CSV with a byte order mark, for Excel')
    .option('--output <file>', 'write there; the file appears when it is complete')
    .action(async ({ service, output, json, format = json ? 'ndjson' : 'csv', ...query }: Options) => {
      await withApi(host, async (api) => {
        const { sender, from, to, bom } = query
        const path = `${await servicePath(api, service)}/exports/one-click`
        const answer = await api.stream({ method: 'GET', path, query: { sender, from, to, format, bom } })
        await saveAnswer(answer, output)
      })
    })
}
