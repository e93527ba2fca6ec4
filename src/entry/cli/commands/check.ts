import { Readable, type Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { Command } from 'commander'
import { withApi } from '../api-client.ts'
import { addCommand, type CommonOptions, gatherHeader, note } from '../command.ts'
import type { CliHost } from '../host.ts'
import { readLines } from '../input.ts'
import { readAnswer } from '../ndjson.ts'
import { openOutput, write } from '../output.ts'
import { startProgress } from '../progress.ts'
import { servicePath } from '../services.ts'

interface Options extends CommonOptions {
  service?: string
  from: string
  header?: Record<string, string>
  transactional?: true
  excluded?: string
}

interface Verdict {
  address: string
  deliverable: boolean
  malformed?: true
  list?: string
  reason?: string
  since?: string
}

export function addCheck(program: Command, host: CliHost): void {
  addCommand(program, 'check <file>', 'tell who of a file would get a mail now', [
    'check --from news@example.com recipients.txt > deliverable.txt',
    'check --service news --from news@example.com --excluded excluded.tsv - < recipients.txt',
  ])
    .addHelpText(
      'after',
      '\nReads one address a line (- is stdin), of any number. Writes the deliverable ones to stdout, the others' +
        '\nwith list, reason and since, separated by tabs, to stderr.',
    )
    .option('--service <id or name>', 'who would send it; not needed when there is one service')
    .requiredOption('--from <address>', 'the sender')
    .option('--header <name: value>', 'a header that filters look at; may be repeated', gatherHeader)
    .option('--transactional', 'opt-outs do not apply')
    .option('--excluded <file>', 'write the excluded there instead of stderr')
    .action(async (file: string, options: Options) => {
      const { service, from, header: headers, transactional, excluded, json } = options
      const others = excluded === undefined ? undefined : await openOutput(excluded)
      const written = others && finished(others)
      // Told where it is awaited.
      written?.catch(() => {})
      await withApi(host, async (api) => {
        let mistaken: unknown
        const body = Readable.from(
          questions({ from, headers, transactional }, file, (error) => {
            mistaken = error
          }),
        )
        const answer = await api.stream({
          method: 'POST',
          path: `${await servicePath(api, service)}/check`,
          body: { type: 'application/x-ndjson', content: body },
        })
        // JSON on stdout has them already.
        const beside = others ?? (json ? undefined : process.stderr)
        await tell(answer, { json, others: beside }).catch((error: unknown) => {
          // When the file is at fault, that the answer breaks off is only what follows.
          throw mistaken ?? error
        })
      })
      others?.end()
      await written
    })
}

async function* questions(
  mail: object,
  file: string,
  onError: (error: unknown) => void,
): AsyncGenerator<string> {
  yield `${JSON.stringify(mail)}\n`
  try {
    for await (const lines of readLines(file)) {
      yield lines.map(({ text }) => `${JSON.stringify(text)}\n`).join('')
    }
  } catch (error) {
    onError(error)
    throw error
  }
}

async function tell(
  answer: Readable,
  { json, others }: { json: true | undefined; others: Writable | undefined },
): Promise<void> {
  const progress = startProgress()
  const count = { deliverable: 0, excluded: 0 }
  for await (const verdicts of readAnswer<Verdict>(answer)) {
    const excluded = verdicts.filter(({ deliverable }) => !deliverable)
    const deliverable = verdicts.filter(({ deliverable }) => deliverable)
    count.deliverable += deliverable.length
    count.excluded += excluded.length
    if (json) {
      await write(process.stdout, verdicts.map((verdict) => `${JSON.stringify(verdict)}\n`).join(''))
    } else {
      await write(process.stdout, deliverable.map(({ address }) => `${address}\n`).join(''))
    }
    if (others) await write(others, excluded.map(row).join(''))
    progress.show(`${count.deliverable} deliverable, ${count.excluded} excluded`)
  }
  progress.end()
  if (process.stderr.isTTY) note(`${count.deliverable} deliverable, ${count.excluded} excluded`)
}

function row({ address, list = '', reason = 'malformed', since = '' }: Verdict): string {
  return `${[address, list, reason, since].join('\t')}\n`
}
