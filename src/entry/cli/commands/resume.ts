import type { Command } from 'commander'
import { type ApiClient, withApi } from '../api-client.ts'
import { addCommand, type CommonOptions, note, print, printJson } from '../command.ts'
import { mistake } from '../failure.ts'
import type { CliHost } from '../host.ts'
import { readLines } from '../input.ts'
import { startProgress } from '../progress.ts'
import { servicePath } from '../services.ts'

const PER_CALL = 5_000

interface Options extends CommonOptions {
  service?: string
  list: string
  file?: string
}

interface Resumed {
  changed: number
  unchanged: number
  malformed: string[]
}

export function addResume(program: Command, host: CliHost): void {
  addCommand(program, 'resume [addresses...]', 'make addresses on a list deliverable again', [
    'resume --list sender:news@example.com taro@example.jp hanako@example.jp',
    'resume --service news --list hard-bounces --file fixed.txt',
  ])
    .option('--service <id or name>', 'whose list it is; not needed when there is one service')
    .requiredOption('--list <list>', 'sender:ADDRESS, filter:NAME, hard-bounces, complaints or blocklist')
    .option('--file <file>', 'one address a line; - is stdin')
    .action(async (addresses: string[], { service, list, file, json }: Options) => {
      if (addresses.length > 0 === (file !== undefined)) {
        throw mistake('give addresses, or --file, and not both')
      }
      const batches = file === undefined ? [addresses] : addressesIn(file)
      const resumed = await withApi(host, async (api) =>
        resumeAll(api, `${await servicePath(api, service)}/suppressions/resume`, list, batches),
      )
      for (const address of resumed.malformed) note(`warning: ${address} is no mail address`)
      const { changed, unchanged, malformed } = resumed
      if (json) printJson(resumed)
      else print(`${changed} resumed, ${unchanged} not excluded, ${malformed.length} malformed`)
      if (changed + unchanged === 0) throw mistake('no address could be resumed')
    })
}

async function resumeAll(
  api: ApiClient,
  path: string,
  list: string,
  batches: Iterable<string[]> | AsyncIterable<string[]>,
): Promise<Resumed> {
  const total: Resumed = { changed: 0, unchanged: 0, malformed: [] }
  const progress = startProgress()
  try {
    for await (const addresses of batches) {
      const { changed, unchanged, malformed } = await api.post<Resumed>(path, { list, addresses })
      total.changed += changed
      total.unchanged += unchanged
      total.malformed.push(...malformed)
      progress.show(`${total.changed + total.unchanged} addresses`)
    }
  } finally {
    progress.end()
  }
  return total
}

async function* addressesIn(file: string): AsyncGenerator<string[]> {
  const batch: string[] = []
  for await (const lines of readLines(file)) {
    batch.push(...lines.map(({ text }) => text))
    while (batch.length >= PER_CALL) yield batch.splice(0, PER_CALL)
  }
  if (batch.length > 0) yield batch
}
