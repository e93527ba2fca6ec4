import { type Command, Option } from 'commander'
import { type ApiClient, withApi } from '../api-client.ts'
import { addCommand, type CommonOptions, print, printJson } from '../command.ts'
import { readDefinition, refusedBy } from '../definition.ts'
import { mistake } from '../failure.ts'
import type { CliHost } from '../host.ts'
import { type Page, readAll } from '../pages.ts'
import { servicePath } from '../services.ts'

interface Options extends CommonOptions {
  service?: string
}

interface EmbedOptions extends Options {
  language?: 'ja' | 'en'
  frame?: true
}

interface Form {
  id: string
  name: string
  active: boolean
  url: string
  texts: Record<string, unknown>
}

/** What `forms show` prints of a form although nobody sets it. */
const TOLD_ONLY = ['id', 'url', 'createdAt', 'updatedAt']

export function addForms(program: Command, host: CliHost): void {
  const forms = program
    .command('forms')
    .description('registration forms, on whose public pages people join a service')

  ofService(forms, 'list', 'list them by name', ['forms list', 'forms list --service news --json']).action(
    async ({ service, json }: Options) => {
      const found = await withApi(host, async (api) => findForms(api, await formsOf(api, service)))
      if (json) printJson({ items: found })
      else for (const form of found) print(lineOf(form))
    },
  )

  ofService(forms, 'show <form>', 'show one, by its id or name', [
    'forms show newsletter',
    'forms show newsletter > newsletter.json',
  ]).action(async (given: string, { service }: Options) => {
    printJson(await withApi(host, (api) => find(api, service, given)))
  })

  aboutFile(
    ofService(forms, 'create <file>', 'make one of a YAML or JSON file', [
      'forms create newsletter.yaml',
      'forms create - < newsletter.json',
    ]),
  ).action(async (file: string, { service, json }: Options) => {
    const { revision: _, ...definition } = settable(await readDefinition(file))
    const form = await withApi(host, async (api) =>
      refusedBy(file, api.post<Form>(await formsOf(api, service), definition)),
    )
    tell(form, json)
  })

  aboutFile(
    ofService(
      forms,
      'edit <form> <file>',
      'change what a YAML or JSON file names of one, each part as a whole',
      ['forms edit newsletter newsletter.json', 'forms edit newsletter - < closed.json'],
    ),
  )
    .addHelpText('after', 'A revision in it refuses the change when somebody else changed the form since.')
    .action(async (given: string, file: string, { service, json }: Options) => {
      const change = settable(await readDefinition(file))
      const form = await withApi(host, async (api) => {
        const { id } = await find(api, service, given)
        return refusedBy(file, api.patch<Form>(`${await formsOf(api, service)}/${id}`, change))
      })
      tell(form, json)
    })

  ofService(forms, 'delete <form>', 'delete one with its page; who registered by it stays registered', [
    'forms delete newsletter',
  ]).action(async (given: string, { service, json }: Options) => {
    await withApi(host, async (api) => {
      const { id } = await find(api, service, given)
      await api.delete(`${await formsOf(api, service)}/${id}`)
    })
    if (json) printJson({ deleted: true })
    else print('deleted')
  })

  ofService(forms, 'embed <form>', 'write the HTML that puts one on another site', [
    'forms embed newsletter > form.html',
    'forms embed newsletter --frame --language ja',
  ])
    .addOption(new Option('--language <language>', 'one that it has texts in').choices(['ja', 'en']))
    .option('--frame', 'its page in a frame, for the sites that it names')
    .action(async (given: string, { service, language, frame, json }: EmbedOptions) => {
      const html = await withApi(host, async (api) => {
        const { id } = await find(api, service, given)
        const path = `${await formsOf(api, service)}/${id}/embed`
        return api.get<{ form: string; frame: string }>(path, { language })
      })
      if (json) printJson(html)
      else print(frame ? html.frame : html.form)
    })
}

function ofService(parent: Command, name: string, description: string, examples: string[]): Command {
  return addCommand(parent, name, description, examples).option(
    '--service <id or name>',
    'whose form it is; not needed when there is one service',
  )
}

function aboutFile(command: Command): Command {
  return command.addHelpText(
    'after',
    '\nThe file names parts as the API and provisioning do: name, texts, fields, doubleOptIn, … What forms show' +
      '\nwrites can be given back: id, url and times in it are passed over. - is stdin.',
  )
}

async function formsOf(api: ApiClient, service: string | undefined): Promise<string> {
  return `${await servicePath(api, service)}/forms`
}

function findForms(api: ApiClient, path: string): Promise<Form[]> {
  return readAll((page) => api.get<Page<Form>>(path, page))
}

async function find(api: ApiClient, service: string | undefined, given: string): Promise<Form> {
  const forms = await findForms(api, await formsOf(api, service))
  const form = forms.find(({ id }) => id === given) ?? forms.find(({ name }) => name === given)
  if (form) return form
  const known = forms.slice(0, 10).map(({ name }) => name)
  throw mistake(`there is no form ${given}${known.length > 0 ? `; there is ${known.join(', ')}` : ''}`)
}

function settable(said: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(said).filter(([part]) => !TOLD_ONLY.includes(part)))
}

function tell(form: Form, json: true | undefined): void {
  if (json) printJson(form)
  else print(lineOf(form))
}

function lineOf({ id, name, active, url, texts }: Form): string {
  return [id, active ? 'open' : 'closed', Object.keys(texts).join(','), url, name].join('\t')
}
