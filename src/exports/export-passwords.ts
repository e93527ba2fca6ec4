import type { Keyring } from '../kernel/keyring.ts'
import { isSealedByNewest, seal, unseal } from '../kernel/sealing.ts'
import type { Database } from '../storage/database.ts'

/** The passwords with which services encrypt their ZIP files, kept sealed. */
export interface ExportPasswords {
  /**
   * Undefined when the service has none. Rejects when no secret key of this process opens it: a file that ought to be
   * encrypted is never written in the clear.
   */
  find(serviceId: number): Promise<string | undefined>
  isSet(serviceId: number): Promise<boolean>
  /** Null removes it. Answers whether anything changed. */
  set(serviceId: number, password: string | null): Promise<boolean>
  /** Seals every password again with the newest secret key; answers how many. */
  reseal(): Promise<number>
}

export function createExportPasswords(database: Database, keyring: Keyring): ExportPasswords {
  const { query } = database
  const rows = () => query.selectFrom('export_password').selectAll()

  const sealedOf = async (serviceId: number) =>
    (await database.read(rows().where('service_id', '=', serviceId)))[0]?.sealed_password

  const isSealedOf = (serviceId: number, sealed: string, password: string) => {
    try {
      return unseal(keyring, placeOf(serviceId), sealed) === password
    } catch {
      return false
    }
  }

  const put = (serviceId: number, password: string) => {
    const sealed_password = seal(keyring, placeOf(serviceId), password)
    return query
      .insertInto('export_password')
      .values({ service_id: serviceId, sealed_password })
      .onConflict((conflict) => conflict.column('service_id').doUpdateSet({ sealed_password }))
  }

  return {
    find: async (serviceId) => {
      const sealed = await sealedOf(serviceId)
      return sealed === undefined ? undefined : unseal(keyring, placeOf(serviceId), sealed)
    },
    isSet: async (serviceId) => (await sealedOf(serviceId)) !== undefined,
    set: async (serviceId, password) => {
      const sealed = await sealedOf(serviceId)
      const isSame =
        password === null
          ? sealed === undefined
          : sealed !== undefined && isSealedOf(serviceId, sealed, password)
      if (isSame) return false
      await database.transact([
        password === null
          ? query.deleteFrom('export_password').where('service_id', '=', serviceId)
          : put(serviceId, password),
      ])
      return true
    },
    reseal: async () => {
      const stale = (await database.read(rows())).filter(
        ({ sealed_password }) => !isSealedByNewest(keyring, sealed_password),
      )
      const statements = stale.map(({ service_id, sealed_password }) => {
        const password = unseal(keyring, placeOf(service_id), sealed_password)
        return query
          .updateTable('export_password')
          .set({ sealed_password: seal(keyring, placeOf(service_id), password) })
          .where('service_id', '=', service_id)
          .where('sealed_password', '=', sealed_password)
      })
      if (statements.length > 0) await database.transact(statements)
      return statements.length
    },
  }
}

function placeOf(serviceId: number): string {
  return `export password of service ${serviceId}`
}
