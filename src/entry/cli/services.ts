import type { ApiClient } from './api-client.ts'
import { mistake } from './failure.ts'
import { PROGRAM } from './program-name.ts'

interface NamedService {
  id: number
  name: string
}

/** Finds a service by its id or its name; the only one there is needs no naming. Answers the path of its calls. */
export async function servicePath(api: ApiClient, given: string | undefined): Promise<string> {
  const { items } = await api.get<{ items: NamedService[] }>('/operator/services')
  const found = given === undefined ? onlyOne(items) : named(items, given)
  if (found) return `/services/${found.id}`
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
