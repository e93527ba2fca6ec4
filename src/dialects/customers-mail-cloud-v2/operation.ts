import type { Need } from '../../access/authorise.ts'
import type { Language } from '../../kernel/texts.ts'
import type { Service } from '../../tenants/service.ts'
import type { Params } from './decode.ts'
import type { Answer } from './encode.ts'
import type { Caller, CustomersMailCloudParts } from './parts.ts'

/** A call whose caller is known. */
export interface Call extends Caller {
  parts: CustomersMailCloudParts
  params: Params
  language: Language
}

/**
 * One of the vendor's operations, with who may call it: in the server composition that is named, in one that may be named or
 * else all that the caller has, or a group admin of the whole site.
 */
export type Operation =
  | {
      scope: 'composition'
      access: Need
      /** `service` has the caller's time zone. */
      run(call: Call & { service: Service }): Promise<Answer>
    }
  | {
      scope: 'compositions'
      access: Need
      run(call: Call & { services: readonly Service[] }): Promise<Answer>
    }
  | { scope: 'site'; access: 'site-admin'; run(call: Call & { timeZone: string }): Promise<Answer> }

/** By `resource/action`. */
export type Operations = Readonly<Record<string, Operation>>
