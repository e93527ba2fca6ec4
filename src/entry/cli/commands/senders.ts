import type { Command } from 'commander'
import { withApi } from '../api-client.ts'
import { addCommand, type CommonOptions, print, printJson } from '../command.ts'
import type { CliHost } from '../host.ts'
import { type Page, readAll } from '../pages.ts'
import { servicePath } from '../services.ts'

interface Options extends CommonOptions {
  service?: string
}

interface Sender {
  address: string
  oneClick: boolean
  classId: string
  baseUrl: string
}

export function addSenders(program: Command, host: CliHost): void {
  const senders = program
    .command('senders')
    .description('the From addresses of a service, and what their links begin with')

  ofService(senders, 'list', 'list them', ['senders list', 'senders list --service news --json']).action(
    async ({ service, json }: Options) => {
      const found = await withApi(host, async (api) => {
        const path = `${await servicePath(api, service)}/senders`
        return readAll((page) => api.get<Page<Sender>>(path, page))
      })
      if (json) printJson({ items: found })
      else for (const sender of found) print(lineOf(sender))
    },
  )

  ofService(
    senders,
    'register <address>',
    'register one for one-click, for ever: its links must keep working',
    ['senders register news@example.com', 'senders register shop@example.com --stop-list-only'],
  )
    .option('--stop-list-only', 'without one-click, which can be turned on later')
    .action(async (address: string, { service, json, stopListOnly }: Options & { stopListOnly?: true }) => {
      const sender = await withApi(host, async (api) =>
        api.post<Sender>(`${await servicePath(api, service)}/senders`, { address, oneClick: !stopListOnly }),
      )
      if (json) printJson(sender)
      else print(lineOf(sender))
    })
}

function ofService(parent: Command, name: string, description: string, examples: string[]): Command {
  return addCommand(parent, name, description, examples).option(
    '--service <id or name>',
    'whose sender it is; not needed when there is one service',
  )
}

function lineOf({ address, oneClick, classId, baseUrl }: Sender): string {
  return [address, oneClick ? 'one-click' : 'stop list only', classId, baseUrl].join('\t')
}
