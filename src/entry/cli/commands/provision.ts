import { json } from 'node:stream/consumers'
import type { Command } from 'commander'
import type { Provisioned } from '../../../access/provision.ts'
import { Refused, withApi } from '../api-client.ts'
import { addCommand, printJson } from '../command.ts'
import { Failure } from '../failure.ts'
import type { CliHost } from '../host.ts'
import { nameOf, readText } from '../input.ts'

export function addProvision(program: Command, host: CliHost): void {
  addCommand(
    program,
    'provision <file>',
    'make sites, services, senders, filters, registration forms and API users what a YAML or JSON file says; prints them with their ids',
    ['provision kaijo.yaml', 'provision - < kaijo.yaml > kaijo.json'],
  ).action(async (file: string) => {
    const content = await readText(file)
    const provisioned = await withApi(host, async (api) => {
      const body = { type: 'application/yaml', content }
      return (await json(await api.stream({ method: 'POST', path: '/provision', body }))) as Provisioned
    }).catch((error: unknown) => {
      if (!(error instanceof Refused)) throw error
      throw new Failure(error.exitCode, error.message.replace(/^/gm, `${nameOf(file)}: `), { cause: error })
    })
    printJson(provisioned)
  })
}
