import type { AuditAction } from '../../../audit/actions.ts'
import type { InboundParts } from '../../../dialects/native/parts/inbound-parts.ts'
import { addressesOf, type InboundAddresses } from '../../../inbound/addresses.ts'
import { headerOf } from '../../../inbound/header-of.ts'
import { judgeAgain } from '../../../inbound/judge-again.ts'
import type { KeepMail } from '../../../inbound/keep-mail.ts'
import {
  findKeptMail,
  findKeptMails,
  readKeptMail,
  resolveKeptMail,
  type Whose,
} from '../../../inbound/kept-mails.ts'
import type { Judge, ReceiveMail } from '../../../inbound/receive-mail.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { valuesOf } from '../../../mail/header-block.ts'
import { senderPath } from '../../../mail/smtp-path.ts'
import { decodeCursor } from '../../../storage/cursor.ts'
import type { Database } from '../../../storage/database.ts'
import { cut } from './native-pages.ts'

export interface InboundCapabilities {
  database: Database
  clock: Clock
  inbound: {
    addresses: InboundAddresses | undefined
    judge: Judge
    kept: KeepMail
    receiveMail: ReceiveMail
  }
  record(
    actor: string,
    serviceId: number | null,
    action: AuditAction,
    subject: string,
    detail: Record<string, unknown>,
  ): Promise<void>
}

/** What the native interface does with mail that came in. */
export function createInboundParts({ database, clock, inbound, record }: InboundCapabilities): InboundParts {
  return {
    take: (whose, { raw, recipient }) =>
      inbound.receiveMail({
        raw,
        sender: returnPathOf(raw),
        recipient,
        clientAddress: null,
        helo: null,
        receivedAt: clock(),
        vouchedBy: vouching(whose),
      }),
    find: async (whose, filter, { cursor, limit }) => {
      const [before] = cursor === undefined ? [undefined] : decodeCursor(cursor, ['integer'])
      const found = await findKeptMails(database, whose, { ...filter, before, limit: limit + 1 })
      return cut(found, limit, ({ id }) => [id])
    },
    findOne: (whose, id) => findKeptMail(database, whose, id),
    raw: async (whose, id) => (await readKeptMail(database, whose, id)).raw,
    resolve: async (whose, id, actor) => {
      const mail = await resolveKeptMail(database, whose, id, { by: actor, at: clock() })
      await record(actor, mail.serviceId, 'inbound.resolve', String(id), {})
      return mail
    },
    retry: async (whose, id, actor) => {
      const mail = await judgeAgain({ ...inbound, database }, whose, id, vouching(whose))
      await record(actor, mail.serviceId, 'inbound.retry', String(id), { outcome: mail.outcome })
      return mail
    },
    addresses: (service) => addressesOf(inbound.addresses, service),
  }
}

function vouching(whose: Whose) {
  return typeof whose === 'number' ? { serviceId: whose } : 'operator'
}

/** As whoever delivered it wrote it down (RFC 5321 §4.4). */
function returnPathOf(raw: Buffer): string | null {
  const [, path] = /^<([^<>]*)>/.exec(valuesOf(headerOf(raw), 'Return-Path')[0] ?? '') ?? []
  return path === undefined ? null : (senderPath(path) ?? null)
}
