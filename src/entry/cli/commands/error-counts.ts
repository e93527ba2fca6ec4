import type { Command } from 'commander'
import { withApi } from '../api-client.ts'
import { addCommand, type CommonOptions, note, print, printJson } from '../command.ts'
import { mistake } from '../failure.ts'
import type { CliHost } from '../host.ts'
import { servicePath } from '../services.ts'

interface Options extends CommonOptions {
  service?: string
}

interface Found {
  items: { address: string; count: number; updatedAt: string }[]
  malformed: string[]
}

export function addErrorCounts(program: Command, host: CliHost): void {
  const counts = program
    .command('error-counts')
    .description('how often mail to addresses came back for passing reasons')

  ofService(counts, 'show <addresses...>', 'show those of addresses; who has none is left out', [
    'error-counts show taro@example.jp hanako@example.jp',
  ]).action(async (addresses: string[], { service, json }: Options) => {
    const found = await withApi(host, async (api) =>
      api.post<Found>(`${await servicePath(api, service)}/error-counts/search`, { addresses }),
    )
    for (const address of found.malformed) note(`warning: ${address} is not a mail address`)
    if (json) printJson(found)
    else for (const { address, count, updatedAt } of found.items) print(`${address}\t${count}\t${updatedAt}`)
  })

  ofService(
    counts,
    'set <count> <addresses...>',
    "set the count of addresses: the service's threshold or more puts them on hard-bounces, less makes them deliverable again",
    ['error-counts set 0 taro@example.jp', 'error-counts set 5 --service news hanako@example.jp'],
  ).action(async (given: string, addresses: string[], { service, json }: Options) => {
    const count = readCount(given)
    const done = await withApi(host, async (api) =>
      api.post<{ set: number }>(`${await servicePath(api, service)}/error-counts`, {
        counts: addresses.map((address) => ({ address, count })),
      }),
    )
    if (json) printJson(done)
    else print(`${done.set} set to ${count}`)
  })
}

function ofService(parent: Command, name: string, description: string, examples: string[]): Command {
  return addCommand(parent, name, description, examples).option(
    '--service <id or name>',
    'whose count it is; not needed when there is one service',
  )
}

/** The server knows which counts are valid; here it only has to be a number. */
function readCount(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text)
  throw mistake(`${text} is not a count: give a number such as 3 or 1.5`)
}
