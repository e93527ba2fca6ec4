import { PassThrough } from 'node:stream'
import type { FastifyBaseLogger } from 'fastify'
import { z } from 'zod'
import type { DkimKey, DkimStore } from '../../delivery/dkim-store.ts'
import type { Rotation } from '../../delivery/rotate-keys.ts'
import { toProblem } from '../../dialects/native/errors.ts'
import type { Api } from '../../dialects/native/schemas.ts'
import { parseAddress } from '../../kernel/address.ts'
import { invalid } from '../../kernel/domain-error.ts'
import { txtStrings } from '../../mail/dkim-keys.ts'
import type { BackupReport } from '../../storage/backup.ts'
import type { EngineName } from '../../storage/database.ts'
import type { Service } from '../../tenants/service.ts'
import type { Repaired } from '../../unsubscribe/repair-keys.ts'

/** What the operator's commands do besides calling the native interface, handed in by the composition root. */
export interface OperatorParts {
  status(): Promise<{ engine: EngineName; schema: number }>
  findServices(): Promise<Service[]>
  /** Writes a backup into a directory of this machine. */
  backup(into: string, onProgress: (table: string, rows: number) => void): Promise<BackupReport>
  keys: {
    /** Newest first. Never the keys themselves. */
    list(): Promise<{ id: string; createdAt: number }[]>
    rotate(): Promise<Rotation>
    repair(): Promise<Repaired>
  }
  dkim: {
    create(request: Omit<Parameters<DkimStore['create']>[0], 'now'>): Promise<DkimKey>
    list: DkimStore['list']
  }
  /** What is well and what is not, as the doctor reports it. */
  examine(): Promise<object>
}

// Not for API users: nothing of it stands in their reference.
const OPERATOR = { config: { access: 'operator' }, schema: { hide: true } } as const

const backupRequest = z.strictObject({ into: z.string().startsWith('/', 'must be an absolute path') })

const dkimRequest = z.strictObject({
  domain: z.string(),
  selector: z.string(),
  algorithm: z.enum(['rsa-sha256', 'ed25519-sha256']).default('rsa-sha256'),
})

const dkimQuery = z.strictObject({ domain: z.string().optional() })

/** The operator's interface below `/api/v1/operator`; goes into the native one, whose guard and errors it shares. */
export function operatorRoutes(api: Api, parts: OperatorParts): void {
  api.get('/operator/status', OPERATOR, () => parts.status())

  api.get('/operator/services', OPERATOR, async () => {
    const services = await parts.findServices()
    return { items: services.map(({ id, name, siteId }) => ({ id, name, siteId })) }
  })

  api.post(
    '/operator/backup',
    { ...OPERATOR, schema: { ...OPERATOR.schema, body: backupRequest } },
    (request, reply) =>
      reply.type('application/x-ndjson').send(backupLines(parts, request.body.into, request.log)),
  )

  api.get('/operator/keys', OPERATOR, async () => {
    const keys = await parts.keys.list()
    return { items: keys.map(({ id, createdAt }) => ({ id, createdAt: encodeTime(createdAt) })) }
  })
  api.post('/operator/keys/rotate', OPERATOR, () => parts.keys.rotate())
  api.post('/operator/keys/repair', OPERATOR, () => parts.keys.repair())

  api.post(
    '/operator/dkim',
    { ...OPERATOR, schema: { ...OPERATOR.schema, body: dkimRequest } },
    async ({ body }) =>
      encodeDkimKey(await parts.dkim.create({ ...body, domain: decodeDomain(body.domain) })),
  )
  api.get(
    '/operator/dkim',
    { ...OPERATOR, schema: { ...OPERATOR.schema, querystring: dkimQuery } },
    async ({ query: { domain } }) => {
      const keys = await parts.dkim.list(domain === undefined ? undefined : decodeDomain(domain))
      return { items: keys.map(encodeDkimKey) }
    },
  )

  api.get('/operator/doctor', OPERATOR, () => parts.examine())
}

/** Each table's rows while they are written, then the report, or a problem. */
function backupLines({ backup }: OperatorParts, into: string, log: FastifyBaseLogger): PassThrough {
  const lines = new PassThrough()
  const write = (line: object) => lines.write(`${JSON.stringify(line)}\n`)
  backup(into, (table, rows) => write({ table, rows }))
    .then((done) => write({ done }))
    .catch((err) => {
      log.error({ err }, 'a backup failed')
      write({ problem: toProblem(isFileError(err) ? invalid('directory', err.message) : err) })
    })
    .finally(() => lines.end())
  return lines
}

/** Why a file of the operator's own choice cannot be written is told. */
function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'path' in error
}

function encodeDkimKey({ createdAt, ...key }: DkimKey) {
  return { ...key, strings: txtStrings(key.record), createdAt: encodeTime(createdAt) }
}

function encodeTime(time: number): string {
  return new Date(time).toISOString()
}

/** As A-labels. */
function decodeDomain(given: string): string {
  const domain = parseAddress(`postmaster@${given}`)?.domain
  if (domain === undefined) throw invalid('domain', 'must be a domain, e.g. example.com')
  return domain
}
