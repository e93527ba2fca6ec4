import type { AuditAction, VerbOf } from '../../../audit/actions.ts'
import { activateDkimKey, checkDkimKeys, type LookUpTxt } from '../../../delivery/dkim/dkim-check.ts'
import type { DkimKey } from '../../../delivery/dkim/dkim-rows.ts'
import type { DkimStore } from '../../../delivery/dkim/dkim-store.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { Database } from '../../../storage/database.ts'
import { findService } from '../../../tenants/service.ts'
import type { OperatorDkimParts } from './operator-dkim-routes.ts'

interface DkimCapabilities {
  database: Database
  dkim: DkimStore
  lookUpTxt: LookUpTxt
  clock: Clock
  /** Writes an audit entry of the operator. */
  record(action: AuditAction, subject: string, detail: Record<string, unknown>): Promise<void>
}

/** The life of DKIM keys as the operator leads it; each change has its audit entry. */
export function createOperatorDkimParts({
  database,
  dkim,
  lookUpTxt,
  clock,
  record,
}: DkimCapabilities): OperatorDkimParts {
  const requireService = async ({ serviceId }: { serviceId?: number | undefined }) =>
    serviceId === undefined ? undefined : findService(database, serviceId)
  const audit = async (action: VerbOf<'dkim'>, key: DkimKey, more: Record<string, unknown> = {}) => {
    const { domain, selector, algorithm, serviceId } = key
    await record(`dkim.${action}`, domain, { selector, algorithm, serviceId, ...more })
  }

  return {
    now: clock,
    list: dkim.list,
    create: async (request) => {
      await requireService(request)
      const keys = await dkim.create({ ...request, now: clock() })
      for (const key of keys) await audit('create', key)
      return keys
    },
    import: async (request) => {
      await requireService(request)
      const key = await dkim.import({ ...request, now: clock() })
      await audit('import', key)
      return key
    },
    rotate: async (request) => {
      await requireService(request)
      const keys = await dkim.rotate({ ...request, now: clock() })
      for (const key of keys) await audit('rotate', key, { signsFrom: key.signsFrom })
      return keys
    },
    check: async (domain) => {
      const findings = await checkDkimKeys(dkim, lookUpTxt, { domain, now: clock() })
      for (const { activated, key } of findings) if (activated) await audit('activate', key)
      return findings
    },
    activate: async (request) => {
      const key = await activateDkimKey(dkim, lookUpTxt, { ...request, now: clock() })
      await audit('activate', key, { force: request.force })
      return key
    },
    retire: async (request) => {
      const key = await dkim.retire({ ...request, now: clock() })
      await audit('retire', key)
      return key
    },
    remove: async (request) => {
      const key = await dkim.remove({ ...request, now: clock() })
      await audit('remove', key, { force: request.force })
      return key
    },
  }
}
