import { type Command, Option } from 'commander'
import { type ApiClient, withApi } from '../api-client.ts'
import { addCommand, type CommonOptions, print, printJson } from '../command.ts'
import { mistake } from '../failure.ts'
import type { CliHost } from '../host.ts'
import { type ImportView, importLine, importLines } from '../imports/import-view.ts'
import { untilEnded } from '../imports/until-ended.ts'
import { type Page, readAll } from '../pages.ts'
import { saveAnswer } from '../save-answer.ts'
import { servicePath } from '../services.ts'
import { wholeNumber } from '../whole-number.ts'

interface Options extends CommonOptions {
  service?: string
}

export function addImports(program: Command, host: CliHost): void {
  const imports = program.command('imports').description('files that were imported, and what came of them')

  ofService(imports, 'list', 'list imports, newest first', ['imports list', 'imports list --json'])
    .option('--limit <number>', 'so many at most', wholeNumber, 100)
    .action(async ({ service, json, limit }: Options & { limit: number }) => {
      const found = await withApi(host, async (api) => {
        const path = `${await servicePath(api, service)}/imports`
        return readAll((page) => api.get<Page<ImportView>>(path, page), limit)
      })
      if (json) printJson({ items: found })
      else for (const view of found) print(importLine(view))
    })

  ofService(imports, 'show <id>', 'show an import and how far it is', ['imports show 7']).action(
    async (id: string, { service, json }: Options) => {
      tell(await withApi(host, async (api) => api.get<ImportView>(await pathOf(api, service, id))), json)
    },
  )

  ofService(imports, 'rejects <id>', 'write the rows that were skipped as CSV', [
    'imports rejects 7 --output rejects.csv',
  ])
    .option('--output <file>', 'write there; the file appears when it is complete')
    .addOption(new Option('--language <language>', 'of the reasons').choices(['en', 'ja']).default('en'))
    .action(
      async (id: string, { service, output, language }: Options & { output?: string; language: string }) => {
        await withApi(host, async (api) => {
          const path = `${await pathOf(api, service, id)}/rejects`
          await saveAnswer(await api.stream({ method: 'GET', path, query: { language } }), output, {
            lines: true,
          })
        })
      },
    )

  ofService(imports, 'cancel <id>', 'stop an import where it is', ['imports cancel 7']).action(
    async (id: string, { service, json }: Options) => {
      tell(
        await withApi(host, async (api) => api.post<ImportView>(`${await pathOf(api, service, id)}/cancel`)),
        json,
      )
    },
  )

  ofService(imports, 'undo <id>', 'undo an import, where nobody has changed anything since', [
    'imports undo 7',
  ]).action(async (id: string, { service, json }: Options) => {
    const view = await withApi(host, async (api) => {
      const path = await pathOf(api, service, id)
      await api.post(`${path}/undo`)
      return untilEnded(api, path)
    })
    tell(view, json)
  })
}

function ofService(parent: Command, name: string, description: string, examples: string[]): Command {
  return addCommand(parent, name, description, examples).option(
    '--service <id or name>',
    'whose import it is; not needed when there is one service',
  )
}

async function pathOf(api: ApiClient, service: string | undefined, id: string): Promise<string> {
  if (!/^[1-9]\d{0,14}$/.test(id)) throw mistake(`${id} is not the number of an import`)
  return `${await servicePath(api, service)}/imports/${id}`
}

function tell(view: ImportView, json: true | undefined): void {
  if (json) printJson(view)
  else for (const line of importLines(view)) print(line)
}
