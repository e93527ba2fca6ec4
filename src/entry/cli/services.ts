import type { ApiClient } from './api-client.ts'
import { mistake } from './failure.ts'
import { type Page, readAll } from './pages.ts'
import { PROGRAM } from './program-name.ts'

interface NamedService {
  id: number
  name: string
}

/** Every service there is. */
export function findNamedServices(api: ApiClient): Promise<NamedService[]> {
  return readAll((page) => api.get<Page<NamedService>>('/services', page))
}

/** Finds a service by its id or its name; the only one there is needs no naming. Answers the path of its calls. */
export async function servicePath(api: ApiClient, given: string | undefined): Promise<string> {
  return `/services/${await serviceId(api, given)}`
}

/** Finds a service like `servicePath`. */
export async function serviceId(api: ApiClient, given: string | undefined): Promise<number> {
  const items = await findNamedServices(api)
  const found = given === undefined ? onlyOne(items) : named(items, given)
  if (found) return found.id
  if (items.length === 0) throw mistake(`there is no service yet; make one with ${PROGRAM} provision`)
  const names = items.slice(0, 10).map(({ id, name }) => `${name} (${id})`)
  const known = `${names.join(', ')}${items.length > names.length ? ', …' : ''}`
  if (given === undefined) throw mistake(`--service is needed: ${known}`)
  throw mistake(`--service: there is no service ${given}; there is ${known}`)
}

function onlyOne(services: readonly NamedService[]): NamedService | undefined {
  return services.length === 1 ? services[0] : undefined
}

function named(services: readonly NamedService[], given: string): NamedService | undefined {
  return services.find(({ id }) => String(id) === given) ?? services.find(({ name }) => name === given)
}
