import type { Command } from 'commander'
import { addCommand } from '../command.ts'
import { mistake } from '../failure.ts'
import type { CliHost } from '../host.ts'
import { type ChangeOptions, changeList } from '../lists/change-list.ts'

export function addStop(program: Command, host: CliHost): void {
  addCommand(program, 'stop [addresses...]', 'put addresses on a list, which excludes them', [
    'stop --list sender:news@example.com taro@example.jp hanako@example.jp',
    'stop --service news --list blocklist --file never.txt',
  ])
    .addHelpText('after', '\nMany at once, with an undo, by kaijo import.')
    .option('--service <id or name>', 'whose list it is; not needed when there is one service')
    .requiredOption('--list <list>', 'sender:ADDRESS, filter:NAME, hard-bounces, complaints or blocklist')
    .option('--file <file>', 'one address a line; - is stdin')
    .action(async (addresses: string[], options: ChangeOptions) => {
      const { changed, unchanged } = await changeList(host, addresses, options, {
        call: 'suppressions',
        tell: ({ changed, unchanged, malformed }) =>
          `${changed} stopped, ${unchanged} excluded already, ${malformed.length} malformed`,
      })
      if (changed + unchanged === 0) throw mistake('no address could be stopped')
    })
}
