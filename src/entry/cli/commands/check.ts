import { stat } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { type Command, Option } from 'commander'
import { withApi } from '../api-client.ts'
import { judge } from '../check/judge.ts'
import { readRows } from '../check/read-rows.ts'
import { type Counts, sortOut } from '../check/sort-out.ts'
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
import type { CliHost } from '../host.ts'
import { inputStream, nameOf } from '../input.ts'
import { startMeter } from '../meter.ts'
import { isSameFile, openOutput } from '../output.ts'
import { startProgress } from '../progress.ts'
import { servicePath } from '../services.ts'

interface Options extends CommonOptions {
  service?: string
  from: string
  header?: GivenHeaders
  transactional?: true
  format?: 'csv' | 'text'
  encoding: string
  output?: string
  excluded?: string
  malformed?: string
}

export function addCheck(program: Command, host: CliHost): void {
  addCommand(program, 'check <file>', 'tell who of a file would get a mail now', [
    'check --from news@example.com recipients.txt > deliverable.txt',
    'check --from news@example.com customers.csv --output deliverable.csv --excluded excluded.tsv',
    'check --service news --from news@example.com --malformed malformed.tsv - < recipients.txt',
  ])
    .addHelpText(
      'after',
      '\nReads one address a line, or CSV with one column email (- is stdin), of any size. Writes the deliverable rows, all' +
        '\ntheir columns in UTF-8, to stdout or --output, and the others with list, reason and since, separated by tabs, to stderr or --excluded.' +
        '\nWith --json each row is a line of JSON on stdout; with --output too, what stands there are the counts.' +
        '\nUnless the exit code is 0 the files are not complete.',
    )
    .option('--service <id or name>', 'who would send it; not needed when there is one service')
    .requiredOption('--from <address>', 'the sender')
    .option('--header <name: value>', 'a header that filters look at; may be repeated', gatherHeader)
    .option('--transactional', 'opt-outs do not apply')
    .addOption(new Option('--format <format>', 'csv, which .csv means too, or text').choices(['csv', 'text']))
    .option('--encoding <encoding>', 'what the file is written in, such as shift_jis', 'utf-8')
    .option('-o, --output <file>', 'write the deliverable there; stdout tells how many there are')
    .option('--excluded <file>', 'write the excluded there instead of stderr')
    .option('--malformed <file>', 'write what is no address there instead of with the excluded')
    .action(async (file: string, options: Options) => {
      if (options.output === '-') delete options.output
      const counts = await check(host, file, options)
      if (options.output === undefined) {
        if (process.stderr.isTTY) for (const line of countLines(counts)) note(line)
      } else if (options.json) printJson(counts)
      else for (const line of countLines(counts)) print(line)
    })
}

async function check(host: CliHost, file: string, options: Options): Promise<Counts> {
  const { service, from, header: headers, transactional, format, encoding, output, json } = options
  // First of all: what cannot be read costs no file of an earlier run.
  const input = await inputStream(file)
  const files = openFiles(file)
  try {
    const deliverable = await files.open(output)
    const excluded = await files.open(options.excluded)
    const malformed = await files.open(options.malformed)
    const progress = startProgress()
    try {
      return await withApi(host, async (api) => {
        const path = `${await servicePath(api, service)}/check`
        const guessed = /\.csv$/i.test(file) ? 'csv' : 'text'
        const rows = readRows(file, input, { format: format ?? guessed, encoding })
        // With JSON, stdout has them already.
        const beside = excluded ?? (json && !deliverable ? undefined : process.stderr)
        const form = json && !deliverable ? 'verdicts' : 'rows'
        const places = {
          output: { stream: deliverable ?? process.stdout, form },
          excluded: beside,
          malformed: malformed ?? beside,
        } as const
        const measure = startMeter(await sizeOf(file))
        return sortOut(judge(api, path, { from, headers, transactional }, rows), places, {
          progress,
          measure,
        })
      })
    } finally {
      progress.end()
    }
  } finally {
    input.destroy()
    await files.close()
  }
}

/**
 * Opening a file empties it: each has to be another one than `input`, which is still to be read, and than those before
 * it.
 */
function openFiles(input: string) {
  const opened: { stream: Writable; written: Promise<void> }[] = []
  const taken = [input]
  return {
    open: async (file: string | undefined) => {
      if (file === undefined) return undefined
      for (const other of taken) {
        if (file !== '-' && (await isSameFile(file, other)))
          throw mistake(`${file} is the same file as ${nameOf(other)}: name another one`)
      }
      const stream = await openOutput(file)
      taken.push(file)
      const written = finished(stream)
      // Reported where it is awaited.
      written.catch(() => {})
      opened.push({ stream, written })
      return stream
    },
    close: async () => {
      for (const { stream } of opened) stream.end()
      await Promise.all(opened.map(({ written }) => written))
    },
  }
}

/** The size in bytes; undefined for stdin. */
async function sizeOf(file: string): Promise<number | undefined> {
  return file === '-' ? undefined : (await stat(file)).size
}

function countLines({ deliverable, excluded, malformed, lists }: Counts): string[] {
  return [
    `${deliverable} deliverable, ${excluded} excluded, ${malformed} malformed`,
    ...Object.entries(lists).map(([list, count]) => `${count} on ${list}`),
  ]
}
