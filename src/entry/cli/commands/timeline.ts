import type { Command } from 'commander'
import { withApi } from '../api-client.ts'
import { addCommand, type CommonOptions, print, printJson } from '../command.ts'
import type { CliHost } from '../host.ts'
import { servicePath } from '../services.ts'

interface Options extends CommonOptions {
  service?: string
}

interface Timeline {
  excludedBy: { list: string; reason: string; since: string; expiresAt: string | null }[]
  events: { list: string; kind: string; requestedAt: string; reason: string; source: string }[]
}

export function addTimeline(program: Command, host: CliHost): void {
  addCommand(program, 'timeline <address>', 'tell why an address is excluded, and what happened to it', [
    'timeline taro@example.jp',
    'timeline taro@example.jp --service news --json',
  ])
    .addHelpText(
      'after',
      '\n--json tells the evidence too, and what the address agreed to by registration forms.',
    )
    .option('--service <id or name>', 'on whose lists; not needed when there is one service')
    .action(async (address: string, { service, json }: Options) => {
      const timeline = await withApi(host, async (api) =>
        api.post<Timeline>(`${await servicePath(api, service)}/timeline`, { address }),
      )
      if (json) return printJson(timeline)
      const { excludedBy, events } = timeline
      for (const { list, reason, since, expiresAt } of excludedBy) {
        print(`excluded by ${list}: ${reason}, since ${since}${expiresAt ? `, until ${expiresAt}` : ''}`)
      }
      if (excludedBy.length === 0) print('not excluded by a list')
      for (const { requestedAt, kind, list, reason, source } of events) {
        print([requestedAt, kind, list, reason, source].join('\t'))
      }
    })
}
