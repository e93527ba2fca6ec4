import { type Command, Option } from 'commander'
import { withApi } from '../api-client.ts'
import { addCommand, type CommonOptions, print, printJson } from '../command.ts'
import type { CliHost } from '../host.ts'
import { type Page, readAll } from '../pages.ts'
import { saveAnswer } from '../save-answer.ts'
import { wholeNumber } from '../whole-number.ts'

interface Filter {
  actor?: string
  action?: string
  subject?: string
  from?: string
  to?: string
  timeZone?: string
}

interface Entry {
  at: string
  actor: string
  action: string
  subject: string
  detail: object
}

interface ExportOptions extends Filter, CommonOptions {
  format?: 'csv' | 'ndjson'
  bom?: true
  output?: string
}

export function addAudit(program: Command, host: CliHost): void {
  const audit = program.command('audit').description('the record of who did what, of all sites')

  withFilter(
    addCommand(audit, 'list', 'list it, newest first', [
      'audit list --action api-user --from 2026-11-01',
      'audit list --actor person:you@example.com --json',
    ]),
  )
    .option('--limit <number>', 'so many at most', wholeNumber, 100)
    .action(async ({ json, limit, ...filter }: Filter & CommonOptions & { limit: number }) => {
      const found = await withApi(host, (api) =>
        readAll((page) => api.get<Page<Entry>>('/audit', { ...filter, ...page }), limit),
      )
      if (json) printJson({ items: found })
      else for (const entry of found) print(lineOf(entry))
    })

  withFilter(
    addCommand(audit, 'export', 'write it out, whatever its size', [
      'audit export --from 2026-11-01 --to 2026-11-30 --bom -o november.csv',
      'audit export --json',
    ]),
  )
    .addOption(
      new Option('--format <format>', 'csv, or ndjson, which --json means too').choices(['csv', 'ndjson']),
    )
    .option('--bom', 'begin CSV with a byte order mark, for Excel')
    .option('-o, --output <file>', 'write there; the file appears when it is complete')
    .action(async ({ json, format, bom, output, ...filter }: ExportOptions) => {
      const query = { ...filter, format: format ?? (json ? 'ndjson' : 'csv'), bom }
      await withApi(host, async (api) => {
        await saveAnswer(await api.stream({ method: 'GET', path: '/audit/export', query }), output, {
          lines: true,
        })
      })
    })
}

function withFilter(command: Command): Command {
  return command
    .option('--actor <text>', 'a part of who did it')
    .option('--action <action>', 'filter.update, or filter for everything done to one')
    .option('--subject <text>', 'a part of what it was done to')
    .option('--from <day or moment>', 'the first day')
    .option('--to <day or moment>', 'the last day')
    .option('--time-zone <zone>', 'whose days are meant; Asia/Tokyo unless given')
}

function lineOf({ at, actor, action, subject, detail }: Entry): string {
  return [at, actor, action, subject, JSON.stringify(detail)].join('\t')
}
