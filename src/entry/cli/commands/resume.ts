import type { Command } from 'commander'
import { addCommand } from '../command.ts'
import { mistake } from '../failure.ts'
import type { CliHost } from '../host.ts'
import { type ChangeOptions, changeList } from '../lists/change-list.ts'

export function addResume(program: Command, host: CliHost): void {
  addCommand(program, 'resume [addresses...]', 'make addresses on a list deliverable again', [
    'resume --list sender:news@example.com taro@example.jp hanako@example.jp',
    'resume --service news --list hard-bounces --file fixed.txt',
  ])
    .option('--service <id or name>', 'whose list it is; not needed when there is one service')
    .requiredOption('--list <list>', 'sender:ADDRESS, filter:NAME, hard-bounces, complaints or blocklist')
    .option('--file <file>', 'one address a line; - is stdin')
    .action(async (addresses: string[], options: ChangeOptions) => {
      const { changed, unchanged } = await changeList(host, addresses, options, {
        call: 'suppressions/resume',
        tell: ({ changed, unchanged, malformed }) =>
          `${changed} resumed, ${unchanged} not excluded, ${malformed.length} malformed`,
      })
      if (changed + unchanged === 0) throw mistake('no address could be resumed')
    })
}
