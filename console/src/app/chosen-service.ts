import { useParams } from '@tanstack/react-router'
import { type Me, useMe } from '../session/me.ts'

const STORED = 'kaijo-service'

type Service = Me['services'][number]

/** The service in the address, otherwise the one looked at last, otherwise the first. Undefined when there is none. */
export function useChosenService(): Service | undefined {
  const { data } = useMe()
  const { service } = useParams({ strict: false }) as { service?: string }
  const services = data?.services ?? []
  const named = services.find(({ id }) => String(id) === service)
  if (named) localStorage.setItem(STORED, String(named.id))
  return named ?? services.find(({ id }) => String(id) === localStorage.getItem(STORED)) ?? services[0]
}
