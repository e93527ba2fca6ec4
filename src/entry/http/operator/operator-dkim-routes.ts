import { z } from 'zod'
import type { DkimFinding } from '../../../delivery/dkim/dkim-check.ts'
import { dkimState, removableFrom } from '../../../delivery/dkim/dkim-life.ts'
import type { DkimKey } from '../../../delivery/dkim/dkim-rows.ts'
import type { DkimStore } from '../../../delivery/dkim/dkim-store.ts'
import type { Api } from '../../../dialects/native/schemas.ts'
import { parseAddress } from '../../../kernel/address.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { txtStrings } from '../../../mail/dkim-keys.ts'

/** The request of a change, as the routes hand it on. */
type RequestOf<Change extends 'create' | 'import' | 'rotate' | 'retire'> = Omit<
  Parameters<DkimStore[Change]>[0],
  'now' | 'serviceId'
> & { serviceId?: number | undefined }
type Named = { domain: string; selector: string }

export interface OperatorDkimParts {
  now: Clock
  list: DkimStore['list']
  create(request: RequestOf<'create'>): Promise<DkimKey[]>
  import(request: RequestOf<'import'>): Promise<DkimKey>
  rotate(request: RequestOf<'rotate'>): Promise<DkimKey[]>
  check(domain: string | undefined): Promise<(DkimFinding & { activated: boolean })[]>
  activate(request: Named & { force: boolean }): Promise<DkimKey>
  retire(request: Named): Promise<DkimKey>
  remove(request: Named & { force: boolean }): Promise<DkimKey>
}

// Not for API users, so it is left out of their reference.
const OPERATOR = { config: { access: 'operator' } } as const
const accepting = <B extends z.ZodType>(body: B) => ({ ...OPERATOR, schema: { hide: true, body } as const })

/** As A-labels. */
const domain = z.string().transform((given, context) => {
  const found = parseAddress(`postmaster@${given}`)?.domain
  if (found === undefined) context.addIssue('must be a domain, e.g. example.com')
  return found ?? z.NEVER
})
const named = z.strictObject({ domain, selector: z.string().toLowerCase() })
const fresh = named.extend({ serviceId: z.int().positive().optional() })
const algorithm = z.enum(['rsa-sha256', 'ed25519-sha256', 'both'])
const forced = named.extend({ force: z.boolean().default(false) })
const created = fresh.extend({ algorithm: algorithm.default('rsa-sha256') })
const imported = fresh.extend({ privateKey: z.string().max(20_000) })
const rotated = fresh.extend({
  algorithm: algorithm.optional(),
  at: z.iso
    .datetime({ offset: true })
    .transform((time) => Date.parse(time))
    .optional(),
})
const some = z.strictObject({ domain: domain.optional() })

/** The life of DKIM keys, below `/api/v1/operator/dkim`. */
export function operatorDkimRoutes(api: Api, parts: OperatorDkimParts): void {
  const encode = (key: DkimKey) => encodeKey(key, parts.now())

  api.get(
    '/operator/dkim',
    { ...OPERATOR, schema: { hide: true, querystring: some } },
    async ({ query }) => ({ items: (await parts.list(query.domain)).map(encode) }),
  )
  // Two keys are answered as items, a single key as it is.
  api.post('/operator/dkim', accepting(created), async ({ body }) => {
    const keys = await parts.create(body)
    return body.algorithm === 'both' ? { items: keys.map(encode) } : encode(keys[0] as DkimKey)
  })
  api.post('/operator/dkim/import', accepting(imported), async ({ body }) => encode(await parts.import(body)))
  api.post('/operator/dkim/rotate', accepting(rotated), async ({ body }) => ({
    items: (await parts.rotate(body)).map(encode),
  }))
  api.post('/operator/dkim/check', accepting(some), async ({ body }) => {
    const findings = await parts.check(body.domain)
    return { items: findings.map(({ key, ...finding }) => ({ ...encode(key), ...finding })) }
  })
  api.post('/operator/dkim/activate', accepting(forced), async ({ body }) =>
    encode(await parts.activate(body)),
  )
  api.post('/operator/dkim/retire', accepting(named), async ({ body }) => encode(await parts.retire(body)))
  api.post('/operator/dkim/remove', accepting(forced), async ({ body }) => encode(await parts.remove(body)))
}

function encodeKey({ createdAt, signsFrom, signsUntil, ...key }: DkimKey, now: number) {
  const life = { ...key, signsFrom, signsUntil }
  return {
    ...key,
    strings: txtStrings(key.record),
    state: dkimState(life, now),
    createdAt: encodeTime(createdAt),
    signsFrom: encodeTime(signsFrom),
    signsUntil: encodeTime(signsUntil),
    removableFrom: encodeTime(removableFrom(life)),
  }
}

function encodeTime(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString()
}
