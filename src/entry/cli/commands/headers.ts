import type { Command } from 'commander'
import { withApi } from '../api-client.ts'
import { addCommand, type CommonOptions, gatherHeader, print, printJson } from '../command.ts'
import type { CliHost } from '../host.ts'
import { servicePath } from '../services.ts'

interface Options extends CommonOptions {
  service?: string
  from: string
  to: string
  messageId?: string
  header?: Record<string, string>
}

interface Minted {
  listUnsubscribe: string
  listUnsubscribePost: string
  url: string
  mailto?: string
}

export function addHeaders(program: Command, host: CliHost): void {
  addCommand(program, 'headers', 'mint the two header lines for a mail that someone else sends', [
    'headers --from news@example.com --to taro@example.jp',
    "headers --service news --from news@example.com --to taro@example.jp --message-id '<1@example.com>' --json",
  ])
    .option('--service <id or name>', 'whose sender it is; not needed when there is one service')
    .requiredOption('--from <address>', 'the registered sender')
    .requiredOption('--to <address>', 'the recipient')
    .option('--message-id <id>', 'of the mail that will carry the lines')
    .option('--header <name: value>', 'a header that filters look at; may be repeated', gatherHeader)
    .action(async ({ service, from, to, messageId, header: headers, json }: Options) => {
      const minted = await withApi(host, async (api) =>
        api.post<Minted>(`${await servicePath(api, service)}/headers`, { from, to, messageId, headers }),
      )
      if (json) return printJson(minted)
      print(`List-Unsubscribe: ${minted.listUnsubscribe}`)
      print(`List-Unsubscribe-Post: ${minted.listUnsubscribePost}`)
    })
}
