import { isGranted, visibleSite } from '../../../access/authorise.ts'
import type { ServiceRelays } from '../../../delivery/relay/service-relays.ts'
import type { NativeParts } from '../../../dialects/native/parts.ts'
import type { ExportPasswords } from '../../../exports/export-passwords.ts'
import { MASK, maskUrl } from '../../../kernel/mask-url.ts'
import type { Database } from '../../../storage/database.ts'
import { lookOf, type PageDirectory } from '../../../tenants/page-directory.ts'
import { replacedValues } from '../../../tenants/replaced-values.ts'
import { findServices, type Service, updateService } from '../../../tenants/service.ts'
import { findServiceLogo, removeServiceLogo, setServiceLogo } from '../../../tenants/service-logo.ts'
import type { RecordChange } from './change-record.ts'
import { pageOf, sortable } from './native-pages.ts'
import { samplePage } from './sample-page.ts'

interface ServicePartsParts {
  database: Database
  relays: ServiceRelays
  exportPasswords: ExportPasswords
  pages: PageDirectory
  record: RecordChange
}

/** What the native interface tells of services and changes in them. */
export function createServiceParts({
  database,
  relays,
  exportPasswords,
  pages,
  record,
}: ServicePartsParts): NativeParts['services'] {
  const logoOf = async (service: Service) => {
    const logo = await findServiceLogo(database, service.id)
    return logo ? pages.shown(logo) : null
  }
  const view = async (service: Service) => ({
    ...service,
    relay: await relays.shown(service.id),
    hasExportPassword: await exportPasswords.isSet(service.id),
    logo: await logoOf(service),
  })
  return {
    find: async (caller, page) => {
      const services = await findServices(database, visibleSite(caller))
      const granted = services.filter((service) => isGranted(caller, service))
      return pageOf(granted, page, ({ id }) => sortable(id))
    },
    view,
    update: async (service, { relay, exportPassword, revision, ...change }, actor) => {
      const { before, after } = await updateService(database, service.id, change, revision)
      const relayBefore = relay === undefined ? undefined : await relays.shown(service.id)
      if (relay !== undefined) await relays.set(service.id, relay)
      const hadPassword = exportPassword === undefined ? undefined : await exportPasswords.isSet(service.id)
      if (exportPassword !== undefined) await exportPasswords.set(service.id, exportPassword)
      pages.forget(service.id)
      await record(actor, service, 'service.update', service.name, {
        ...change,
        ...(relay !== undefined && { relay: relay && maskUrl(relay) }),
        ...(exportPassword !== undefined && { exportPassword: exportPassword && MASK }),
        before: {
          ...replacedValues(before, after),
          ...(relay !== undefined && { relay: relayBefore }),
          ...(hadPassword !== undefined && { exportPassword: hadPassword ? MASK : null }),
        },
      })
      return view(after)
    },
    setLogo: async (service, bytes, actor) => {
      const logo = bytes ? await setServiceLogo(database, service.id, bytes) : null
      const isChanged = logo !== null || (await removeServiceLogo(database, service.id))
      pages.forget(service.id)
      if (isChanged) await record(actor, service, 'service.logo', service.name, { logo: logo?.id ?? null })
      return view(service)
    },
    preview: async (service, { page, state, language }) => {
      const look = lookOf({ ...service.page, ...page }, await logoOf(service))
      return samplePage(look, { state, language })
    },
  }
}
