import type { DomainError } from '../../kernel/domain-error.ts'
import type { Service } from '../../tenants/service.ts'
import type { WantedService } from './provision-file.ts'

export type WantedForm = WantedService['forms'][number]

/** What provisioning needs of registration forms, which are made in a room above. */
export interface ProvisionForms {
  /**
   * Why the forms cannot be made as the file says; `senders` are those that the file registers in addition to the
   * service's own.
   */
  conflicts(
    wanted: readonly WantedForm[],
    given: {
      service: Pick<Service, 'id'> | undefined
      senders: readonly string[]
      confirmationFrom: string | null
      /** Of the service in the file. */
      path: string
    },
  ): Promise<DomainError[]>
  settle(
    service: Service,
    wanted: readonly WantedForm[],
  ): Promise<{ id: string; name: string; url: string; outcome: 'created' | 'updated' | 'unchanged' }[]>
}
