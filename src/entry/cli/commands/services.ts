import type { Command } from 'commander'
import { withApi } from '../api-client.ts'
import { addCommand, type CommonOptions, print, printJson } from '../command.ts'
import type { CliHost } from '../host.ts'
import { findNamedServices, servicePath } from '../services.ts'

export function addServices(program: Command, host: CliHost): void {
  const services = program
    .command('services')
    .description('the services, whose ids stand in the paths of the API')

  addCommand(services, 'list', 'list ids and names', ['services list', 'services list --json']).action(
    async ({ json }: CommonOptions) => {
      const items = await withApi(host, findNamedServices)
      if (json) return printJson({ items })
      for (const { id, name } of items) print(`${id}\t${name}`)
    },
  )

  addCommand(services, 'show [service]', 'show the settings of one, by its id or name', [
    'services show news',
    'services show --json',
  ]).action(async (given: string | undefined, { json }: CommonOptions) => {
    const service = await withApi(host, async (api) => api.get<object>(await servicePath(api, given)))
    if (json) return printJson(service)
    for (const [name, value] of flatten(service)) print(`${name}\t${value}`)
  })
}

/** One line for each value; a value within a group is named like `settings.mailDays`. */
function flatten(value: object, place = ''): [name: string, value: string][] {
  return Object.entries(value).flatMap(([name, inner]): [string, string][] =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? flatten(inner, `${place}${name}.`)
      : [[place + name, Array.isArray(inner) ? inner.join(', ') : String(inner ?? '–')]],
  )
}
