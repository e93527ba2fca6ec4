import type { Command } from 'commander'
import { withApi } from '../api-client.ts'
import { addCommand, type CommonOptions, print, printJson } from '../command.ts'
import { mistake } from '../failure.ts'
import type { CliHost } from '../host.ts'
import { serviceId } from '../services.ts'

interface Options extends CommonOptions {
  service?: string
  yes?: true
}

interface Receipt {
  id: string
  at: string
  keyId: string
  replaced: Record<string, number>
}

export function addErase(program: Command, host: CliHost): void {
  addCommand(
    program,
    'erase <address>',
    'erase a person from a site; whoever excludes them goes on doing so',
    ['erase taro@example.jp --service news --yes', 'erase taro@example.jp --yes --json > receipt.json'],
  )
    .addHelpText(
      'after',
      '\nNothing brings the person back. Backups and files that were exported are yours to look after.',
    )
    .option('--service <id or name>', 'any of the site; not needed when there is one service')
    .option('--yes', 'it is meant')
    .action(async (address: string, { service, yes, json }: Options) => {
      if (!yes) throw mistake('an erasure cannot be taken back: say --yes')
      const receipt = await withApi(host, async (api) =>
        api.post<Receipt>('/erasures', { address, service: await serviceId(api, service) }),
      )
      if (json) return printJson(receipt)
      print(`erased ${receipt.at}, receipt ${receipt.id}, key ${receipt.keyId}`)
      for (const [table, rows] of Object.entries(receipt.replaced)) print(`${table}\t${rows}`)
    })
}
