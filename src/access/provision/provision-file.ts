import { LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { parseAddress } from '../../kernel/address.ts'
import { DomainError } from '../../kernel/domain-error.ts'
import { readInput } from '../../kernel/mistakes.ts'
import { filterRequest } from '../../tenants/filter-rules.ts'
import { formEntry } from '../../tenants/form-rules.ts'
import { exportPassword, relayUrl, serviceFields } from '../../tenants/service-rules.ts'
import { shortName } from '../../tenants/short-line.ts'
import { apiUserGrants, apiUserKey, apiUserName } from '../api-user-rules.ts'

const id = z.int().positive()

const apiUser = z.strictObject({
  name: apiUserName,
  key: apiUserKey.optional(),
  role: apiUserGrants.role.default('user'),
  permissions: apiUserGrants.permissions.default([]),
  services: apiUserGrants.services.default([]),
  timeZone: apiUserGrants.timeZone.optional(),
})

const sender = z.preprocess(
  (given) => (typeof given === 'string' ? { address: given } : given),
  z.strictObject({
    address: z.string().refine((text) => parseAddress(text) !== undefined, 'must be a mail address'),
    oneClick: z.boolean().default(true),
  }),
)

const service = z.strictObject({
  id: id.optional(),
  name: shortName(100),
  ...serviceFields,
  relay: relayUrl.nullable().optional(),
  exportPassword: exportPassword.nullable().optional(),
  senders: z.array(sender).default([]),
  filters: z.array(filterRequest).default([]),
  forms: z.array(formEntry).default([]),
})

const file = z.strictObject({
  sites: z.array(
    z.strictObject({
      id: id.optional(),
      name: shortName(100),
      apiUsers: z.array(apiUser).default([]),
      services: z.array(service).default([]),
    }),
  ),
})

/** What an installation should have, as operators write it; see docs for the form. */
export type ProvisionFile = z.output<typeof file>
export type WantedSite = ProvisionFile['sites'][number]
export type WantedService = WantedSite['services'][number]

/**
 * Reads YAML or JSON text, or an object already parsed from it. Throws DomainErrors for all mistakes at once, each with
 * its path (`sites[0].services[1].timeZone`): `malformed-body`, `unknown-field` or `invalid-value`. Their messages
 * never repeat an API key.
 */
export function readProvisionFile(given: unknown): ProvisionFile {
  return readInput(file, typeof given === 'string' ? fromYaml(given) : given)
}

function fromYaml(text: string): unknown {
  const lineCounter = new LineCounter()
  // The library's pretty form quotes the line, which may hold an API key.
  const document = parseDocument(text, { lineCounter, prettyErrors: false })
  const [error] = document.errors
  if (error) {
    const { line } = lineCounter.linePos(error.pos[0])
    throw new DomainError('malformed-body', `line ${line}: ${error.message}`)
  }
  try {
    return document.toJS()
  } catch (cause) {
    throw new DomainError('malformed-body', 'the aliases of the file cannot be followed', { cause })
  }
}
