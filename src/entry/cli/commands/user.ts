import type { Command } from 'commander'
import { type ApiClient, withApi } from '../api-client.ts'
import { addCommand, type CommonOptions, gather, note, print, printJson } from '../command.ts'
import { Failure, mistake } from '../failure.ts'
import type { CliHost } from '../host.ts'

interface Person {
  id: string
  email: string
  name: string
  role: string
  permissions: string[]
  siteId: number | null
  services: string[]
  lockedUntil: string | null
  disabledAt: string | null
}

interface Invited {
  person: Person
  setPasswordUrl: string
}

interface Grants {
  name?: string
  role?: string
  permission?: string[]
  site?: string
  service?: string[]
}

export function addUser(program: Command, host: CliHost): void {
  const user = program.command('user').description('the people of the console')

  addCommand(user, 'list', 'list people, with what they may do', ['user list', 'user list --json']).action(
    async ({ json }: CommonOptions) => {
      const { items } = await withApi(host, (api) => api.get<{ items: Person[] }>('/people'))
      if (json) return printJson({ items })
      for (const person of items) print(describe(person))
    },
  )

  withGrants(
    addCommand(user, 'add <email>', 'enter a person; prints the link with which they set a password', [
      'user add you@example.com',
      'user add shop@example.com --role operator --site 1 --service news --permission error-count-reset',
    ]),
  ).action(async (email: string, options: CommonOptions & Grants) => {
    const isAdministrator = (options.role ?? 'administrator') === 'administrator'
    const request = {
      email,
      name: options.name ?? email,
      role: options.role ?? 'administrator',
      permissions: options.permission ?? (isAdministrator ? ['error-count-reset'] : []),
      siteId: readSite(options.site) ?? null,
      services: options.service ?? [],
    }
    tell(await withApi(host, (api) => api.post<Invited>('/people', request)), options)
  })

  withGrants(
    addCommand(user, 'set <email>', 'change what a person may do; they sign in anew', [
      'user set shop@example.com --role viewer',
    ]),
  ).action(async (email: string, options: CommonOptions & Grants) => {
    const change = {
      name: options.name,
      role: options.role,
      permissions: options.permission,
      siteId: readSite(options.site),
      services: options.service,
    }
    await changePerson(host, email, change, options)
  })

  for (const [verb, disabled] of [
    ['disable', true],
    ['enable', false],
  ] as const) {
    addCommand(
      user,
      `${verb} <email>`,
      `${disabled ? 'keep someone out from now on' : 'let someone in again'}`,
      [`user ${verb} shop@example.com`],
    ).action((email: string, options: CommonOptions) => changePerson(host, email, { disabled }, options))
  }

  addCommand(user, 'unlock <email>', 'let someone try again who is locked after wrong passwords', [
    'user unlock shop@example.com',
  ]).action(async (email: string) => {
    await withApi(host, async (api) => api.post(`/people/${(await find(api, email)).id}/unlock`))
    print(`${email} can try again`)
  })

  addCommand(user, 'reset <email>', 'a fresh link for a lost password or second factor', [
    'user reset shop@example.com',
  ]).action(async (email: string, options: CommonOptions) => {
    const reset = async (api: ApiClient) => api.post<Invited>(`/people/${(await find(api, email)).id}/reset`)
    tell(await withApi(host, reset), options)
  })
}

function withGrants(command: Command): Command {
  return command
    .option('--name <name>', 'as the console shows it')
    .option('--role <role>', 'administrator, operator or viewer')
    .option(
      '--permission <permission>',
      'granted besides the role: view, download, send, edit, error-count-reset',
      gather,
    )
    .option('--site <id>', 'the one site they see; all of them without it')
    .option('--service <name>', 'a service of the site; all of them without it', gather)
}

async function changePerson(
  host: CliHost,
  email: string,
  change: object,
  { json }: CommonOptions,
): Promise<void> {
  const person = await withApi(host, async (api) =>
    api.patch<Person>(`/people/${(await find(api, email)).id}`, change),
  )
  if (json) return printJson(person)
  print(describe(person))
}

async function find(api: ApiClient, email: string): Promise<Person> {
  const { items } = await api.get<{ items: Person[] }>('/people')
  const person = items.find((found) => found.email === email.toLowerCase())
  if (!person) throw new Failure(1, `there is no person ${email}`)
  return person
}

function readSite(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text)
  throw mistake(`--site: ${text} is not the number of a site`)
}

function tell({ person, setPasswordUrl }: Invited, { json }: CommonOptions): void {
  if (json) {
    printJson({ person, setPasswordUrl })
    return
  }
  print(setPasswordUrl)
  note(`${person.email} sets a password there, once and within three days`)
}

function describe({ email, role, permissions, siteId, services, lockedUntil, disabledAt }: Person): string {
  const scope = siteId === null ? 'every site' : `site ${siteId}`
  const state = disabledAt
    ? 'disabled'
    : lockedUntil && new Date(lockedUntil) > new Date()
      ? 'locked'
      : 'active'
  return [
    email,
    role,
    permissions.join(',') || '–',
    scope,
    services.join(',') || 'every service',
    state,
  ].join('\t')
}
