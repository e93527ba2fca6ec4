import { isGranted, visibleSite } from '../../access/authorise.ts'
import type { ServiceRelays } from '../../delivery/relay/service-relays.ts'
import type { NativeParts } from '../../dialects/native/parts.ts'
import type { ExportPasswords } from '../../exports/export-passwords.ts'
import { MASK, maskUrl } from '../../kernel/mask-url.ts'
import type { Database } from '../../storage/database.ts'
import { findServices, type Service, updateService } from '../../tenants/service.ts'
import { pageOf, sortable } from './native-pages.ts'

interface ServicePartsParts {
  database: Database
  relays: ServiceRelays
  exportPasswords: ExportPasswords
  record(
    actor: string,
    service: Service,
    action: string,
    subject: string,
    detail: Record<string, unknown>,
  ): Promise<void>
}

/** What the native interface tells of services and changes in them. */
export function createServiceParts({
  database,
  relays,
  exportPasswords,
  record,
}: ServicePartsParts): NativeParts['services'] {
  const view = async (service: Service) => ({
    ...service,
    relay: await relays.shown(service.id),
    hasExportPassword: await exportPasswords.isSet(service.id),
  })
  return {
    find: async (caller, page) => {
      const services = await findServices(database, visibleSite(caller))
      const granted = services.filter((service) => isGranted(caller, service))
      return pageOf(granted, page, ({ id }) => sortable(id))
    },
    view,
    update: async (service, { relay, exportPassword, ...change }, actor) => {
      const updated = await updateService(database, service.id, change)
      if (relay !== undefined) await relays.set(service.id, relay)
      if (exportPassword !== undefined) await exportPasswords.set(service.id, exportPassword)
      await record(actor, service, 'service.update', service.name, {
        ...change,
        ...(relay !== undefined && { relay: relay && maskUrl(relay) }),
        ...(exportPassword !== undefined && { exportPassword: exportPassword && MASK }),
      })
      return view(updated)
    },
  }
}
