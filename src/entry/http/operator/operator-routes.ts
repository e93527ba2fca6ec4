import { PassThrough } from 'node:stream'
import type { FastifyBaseLogger } from 'fastify'
import { z } from 'zod'
import type { Rotation } from '../../../delivery/rotate-keys.ts'
import { toProblem } from '../../../dialects/native/errors.ts'
import { allInboundRoutes } from '../../../dialects/native/inbound.ts'
import type { InboundParts } from '../../../dialects/native/parts/inbound-parts.ts'
import type { Api } from '../../../dialects/native/schemas.ts'
import { invalid } from '../../../kernel/domain-error.ts'
import type { BackupReport } from '../../../storage/backup/backup.ts'
import type { EngineName } from '../../../storage/database.ts'
import type { Repaired } from '../../../unsubscribe/repair-keys.ts'
import { type OperatorDkimParts, operatorDkimRoutes } from './operator-dkim-routes.ts'

/** What the operator's commands do besides calling the native interface, handed in by the composition root. */
export interface OperatorParts {
  status(): Promise<{ engine: EngineName; schema: number }>
  /** Writes a backup into a directory of this machine. */
  backup(into: string, onProgress: (table: string, rows: number) => void): Promise<BackupReport>
  keys: {
    /** Newest first. Never the keys themselves. */
    list(): Promise<{ id: string; createdAt: number }[]>
    rotate(): Promise<Rotation>
    repair(): Promise<Repaired>
  }
  dkim: OperatorDkimParts
  /** Mail that came in for anybody. */
  inbound: InboundParts
  /** The doctor's report. */
  examine(): Promise<object>
}

// Not for API users, so it is left out of their reference.
const OPERATOR = { config: { access: 'operator' }, schema: { hide: true } } as const

const backupRequest = z.strictObject({ into: z.string().startsWith('/', 'must be an absolute path') })

/** The operator's interface below `/api/v1/operator`; goes into the native one, whose guard and errors it shares. */
export function operatorRoutes(api: Api, parts: OperatorParts): void {
  api.get('/operator/status', OPERATOR, () => parts.status())

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

  operatorDkimRoutes(api, parts.dkim)
  allInboundRoutes(api, parts.inbound)

  api.get('/operator/doctor', OPERATOR, () => parts.examine())
}

/** Lines with the progress of each table, then the report, or a problem. */
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

/** An error about a file that the operator chose, of which the reason may be told. */
function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'path' in error
}

function encodeTime(time: number): string {
  return new Date(time).toISOString()
}
