import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { json } from 'node:stream/consumers'
import { type Command, Option } from 'commander'
import { withApi } from '../api-client.ts'
import { addCommand, type CommonOptions, note, print, printJson } from '../command.ts'
import { Failure } from '../failure.ts'
import type { CliHost } from '../host.ts'
import { type ImportView, importLines } from '../imports/import-view.ts'
import { untilEnded } from '../imports/until-ended.ts'
import { inputStream } from '../input.ts'
import { PROGRAM } from '../program-name.ts'
import { servicePath } from '../services.ts'
import { watched } from '../transfer.ts'
import { whenInterrupted } from '../when-interrupted.ts'

interface Options extends CommonOptions {
  service?: string
  list: string
  action: string
  sender?: string
  filter?: string
  format?: 'csv' | 'text'
  encoding?: string
  dryRun?: true
  wait?: true
}

export function addImport(program: Command, host: CliHost): void {
  addCommand(program, 'import <file>', 'put the addresses of a file on a list, or take them off', [
    'import stopped.csv --list sender:news@example.com --action add --dry-run',
    'import bounced.csv --list hard-bounces --action add --wait',
    'import again.txt --list sender:news@example.com --action remove',
    'import suppression_bounces.csv --list auto --action add --dry-run',
    'import oneclick.csv --list auto --sender news@example.com --action add',
  ])
    .addHelpText(
      'after',
      '\nReads CSV with one column email, or one address a line from .txt; - is stdin. At most 1,000,000 rows and' +
        '\n104,857,600 bytes. --list auto reads the export of another system, known by its header, and puts each row' +
        '\non the list of its reason, with its time. A file that is not as it should be changes nothing. kaijo imports undo takes an import back.',
    )
    .option('--service <id or name>', 'whose list it is; not needed when there is one service')
    .requiredOption(
      '--list <list>',
      'sender:ADDRESS, filter:NAME, hard-bounces, complaints, blocklist or auto',
    )
    .option('--sender <address>', 'for auto: whose mail those unsubscribed from whose row does not say so')
    .addOption(new Option('--filter <name>', 'for auto: the same by a filter').conflicts('sender'))
    .addOption(
      new Option('--action <action>', 'put them on the list, or make them deliverable again')
        .choices(['add', 'remove'])
        .makeOptionMandatory(),
    )
    .addOption(new Option('--format <format>', 'csv, or text, which .txt means too').choices(['csv', 'text']))
    .option('--encoding <encoding>', 'what the file is written in, if that is not found out')
    .option('--dry-run', 'tell what would change, and change nothing')
    .option('--wait', 'until it is done; without a server and for --dry-run always')
    .action(async (file: string, { service, wait, json: asJson, ...options }: Options) => {
      const view = await withApi(host, async (api) => {
        const path = `${await servicePath(api, service)}/imports`
        const id = await send(file, options, (query, content) =>
          api.stream({ method: 'POST', path, query, body: { type: 'application/octet-stream', content } }),
        )
        const waits = wait || options.dryRun || !api.serverRuns
        if (!waits) return api.get<ImportView>(`${path}/${id}`)
        const takeBack = whenInterrupted(() => note(goesOn(id)))
        return untilEnded(api, `${path}/${id}`).finally(takeBack)
      })
      if (asJson) printJson(view)
      else for (const line of importLines(view)) print(line)
      if (view.rows.skipped > 0) note(`${PROGRAM} imports rejects ${view.id} shows the skipped rows`)
      if (view.state === 'failed') throw new Failure(1, `import ${view.id} has failed`)
    })
}

/** Once taken in, an import goes on without this command. */
function goesOn(id: number): string {
  return `\nimport ${id} goes on wherever a server runs: ${PROGRAM} imports cancel ${id} stops it`
}

type Upload = Omit<Options, 'service' | 'wait' | 'json'>

async function send(
  file: string,
  { list, action, sender, filter, format, encoding, dryRun }: Upload,
  post: (query: Record<string, string | boolean | undefined>, content: Readable) => Promise<Readable>,
): Promise<number> {
  const name = file === '-' ? undefined : basename(file)
  const guessed = /\.txt$/i.test(file) ? 'text' : 'csv'
  const input = await inputStream(file)
  const size = file === '-' ? undefined : (await stat(file)).size
  const { content, end } = watched(input, { size })
  try {
    const query = { list, action, sender, filter, format: format ?? guessed, encoding, dryRun, name }
    const answer = await post(query, Readable.from(content, { objectMode: false }))
    return ((await json(answer)) as { id: number }).id
  } finally {
    end()
  }
}
