import { DomainError } from '../kernel/domain-error.ts'
import type { Service } from '../tenants/service.ts'
import type { ApiUser } from './api-user.ts'
import { isGranted } from './authorise.ts'

/**
 * The service that a program means: the one that it names by name or id, or the only one that it may use. Does not
 * check what it may do there. Throws DomainError `unknown-service`, or `forbidden` when several could be meant; `how`
 * makes the hint on how to name one, given an example.
 */
export function pickService(
  user: ApiUser,
  services: readonly Service[],
  named: string | undefined,
  how: (example: string) => string,
): Service {
  if (named !== undefined) return namedService(services, named)
  const [service, another] = services.filter((candidate) => isGranted({ kind: 'api-user', user }, candidate))
  if (!service) throw new DomainError('forbidden', `${user.name} may use no service`)
  if (!another) return service
  throw new DomainError('forbidden', `${user.name} may use several services: ${how(service.name)}`)
}

function namedService(services: readonly Service[], named: string): Service {
  const service =
    services.find(({ name }) => name === named) ?? services.find(({ id }) => String(id) === named)
  if (service) return service
  throw new DomainError('unknown-service', `there is no service ${named}`)
}
