import type { ServiceAddresses } from '../../../inbound/addresses.ts'
import type { KeptMail, KeptMailFilter, Whose } from '../../../inbound/kept-mails.ts'
import type { Taken } from '../../../inbound/receive-mail.ts'
import type { Service } from '../../../tenants/service.ts'
import type { Page, PageRequest } from '../pages.ts'

/** Mail that came in: of a service, or of all. */
export interface InboundParts {
  /** Takes a mail that somebody else received. */
  take(whose: Whose, mail: { raw: Buffer; recipient: string | null }): Promise<Taken[]>
  find(whose: Whose, filter: KeptMailFilter, page: PageRequest): Promise<Page<KeptMail>>
  findOne(whose: Whose, id: number): Promise<KeptMail>
  raw(whose: Whose, id: number): Promise<Buffer>
  resolve(whose: Whose, id: number, actor: string): Promise<KeptMail>
  retry(whose: Whose, id: number, actor: string): Promise<KeptMail>
  addresses(service: Service): ServiceAddresses
}
