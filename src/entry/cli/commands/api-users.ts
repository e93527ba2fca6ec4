import { type Command, Option } from 'commander'
import { type ApiClient, withApi } from '../api-client.ts'
import { addCommand, type CommonOptions, gather, note, print, printJson } from '../command.ts'
import { mistake } from '../failure.ts'
import type { CliHost } from '../host.ts'
import { type Page, readAll } from '../pages.ts'
import { numberFromZero, wholeNumber } from '../whole-number.ts'

interface ApiUser {
  id: number
  siteId: number
  name: string
  role: string
  permissions: string[]
  services: string[]
  lastUsedAt: string | null
  previousKey: { until: string } | null
}

interface CreateOptions extends CommonOptions {
  site?: number
  role: string
  permission?: string[]
  service?: string[]
}

export function addApiUsers(program: Command, host: CliHost): void {
  const users = program.command('api-users').description('what programs sign in with')

  addCommand(users, 'list', 'list them, with what they may do and when each was used last', [
    'api-users list',
    'api-users list --json',
  ]).action(async ({ json }: CommonOptions) => {
    const found = await withApi(host, findUsers)
    if (json) printJson({ items: found })
    else for (const user of found) print(lineOf(user))
  })

  addCommand(users, 'create <name>', 'make one; prints its key, which is told this once', [
    'api-users create shop@example.com --permission send --permission view',
    'api-users create batch@example.com --site 1 --service news --permission download',
  ])
    .option('--site <id>', 'whose it is; not needed when there is one site', wholeNumber)
    .addOption(new Option('--role <role>').choices(['user', 'group-admin']).default('user'))
    .option('--permission <permission>', 'of a user: view, download, send, edit; several times', gather)
    .option('--service <name>', 'which it may use; all of the site unless given', gather)
    .action(async (name: string, { site, role, permission, service, json }: CreateOptions) => {
      const { apiUser, key } = await withApi(host, (api) =>
        api.post<WithKey>('/api-users', {
          ...{ siteId: site, name, role },
          ...{ permissions: permission ?? [], services: service ?? [] },
        }),
      )
      tellKey(apiUser, key, json)
    })

  addCommand(users, 'rotate <name>', 'give one a new key; prints it, which is told this once', [
    'api-users rotate shop@example.com --overlap-hours 24',
  ])
    .option('--overlap-hours <number>', 'for so long the key before is taken too', numberFromZero, 0)
    .action(async (name: string, { overlapHours, json }: CommonOptions & { overlapHours: number }) => {
      const { apiUser, key } = await withApi(host, async (api) =>
        api.post<WithKey>(`${await pathOf(api, name)}/rotate`, { overlapHours }),
      )
      tellKey(apiUser, key, json)
    })

  addCommand(users, 'end-previous-key <name>', 'take the key before no longer', [
    'api-users end-previous-key shop@example.com',
  ]).action(async (name: string, { json }: CommonOptions) => {
    const user = await withApi(host, async (api) =>
      api.post<ApiUser>(`${await pathOf(api, name)}/end-previous-key`),
    )
    if (json) printJson(user)
    else print(lineOf(user))
  })

  addCommand(users, 'revoke <name>', 'revoke one with its keys; what it did stays on record', [
    'api-users revoke shop@example.com',
  ]).action(async (name: string, { json }: CommonOptions) => {
    await withApi(host, async (api) => api.delete(await pathOf(api, name)))
    if (json) printJson({ revoked: true })
    else print('revoked')
  })
}

interface WithKey {
  apiUser: ApiUser
  key: string
}

function findUsers(api: ApiClient): Promise<ApiUser[]> {
  return readAll((page) => api.get<Page<ApiUser>>('/api-users', page))
}

async function pathOf(api: ApiClient, name: string): Promise<string> {
  const user = (await findUsers(api)).find((found) => found.name === name)
  if (!user) throw mistake(`there is no API user ${name}`)
  return `/api-users/${user.id}`
}

function tellKey(apiUser: ApiUser, key: string, json: true | undefined): void {
  if (json) {
    printJson({ apiUser, key })
    return
  }
  print(key)
  note(`the key of ${apiUser.name}, shown now and never again`)
}

function lineOf({ name, role, siteId, permissions, services, lastUsedAt, previousKey }: ApiUser): string {
  return [
    name,
    role,
    `site ${siteId}`,
    role === 'group-admin' ? 'everything' : permissions.join(',') || '–',
    services.join(',') || 'every service',
    lastUsedAt ?? 'never used',
    previousKey ? `previous key until ${previousKey.until}` : '–',
  ].join('\t')
}
