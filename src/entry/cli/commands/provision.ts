import { json } from 'node:stream/consumers'
import type { Command } from 'commander'
import type { Provisioned } from '../../../access/provision/provision-parts.ts'
import { withApi } from '../api-client.ts'
import { addCommand, printJson } from '../command.ts'
import { refusedBy } from '../definition.ts'
import type { CliHost } from '../host.ts'
import { readText } from '../input.ts'

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
      const answer = refusedBy(file, api.stream({ method: 'POST', path: '/provision', body }))
      return (await json(await answer)) as Provisioned
    })
    printJson(provisioned)
  })
}
