import { purgeAudit } from '../audit/purge-audit.ts'
import { purgeImports } from '../imports/discard.ts'
import { purgeInboundMails } from '../inbound/purge-mails.ts'
import { DAY_MS } from '../kernel/clock.ts'
import { purgeContents } from '../messages/purging/purge-contents.ts'
import { purgeDeliveries } from '../messages/purging/purge-deliveries.ts'
import { purgeKeptMail } from '../messages/purging/purge-kept-mail.ts'
import { purgeMessages } from '../messages/purging/purge-messages.ts'
import { DatabaseUnavailable } from '../storage/database-errors.ts'
import { purgeAgreements } from '../subscribers/agreements/purge-agreements.ts'
import { purgeEvents, purgeLapsed } from '../suppression/purge.ts'
import { purgeOpaqueParts } from '../unsubscribe/purge-opaque.ts'
import type { Capabilities } from './capabilities.ts'

/**
 * Removes what is no longer kept, kind by kind; the failure of one does not keep the others from being removed. Rejects
 * with DatabaseUnavailable.
 */
export async function tidy(
  { config, database, log }: Pick<Capabilities, 'config' | 'database' | 'log'>,
  now: number,
  signal: AbortSignal,
): Promise<void> {
  const options = { signal }
  const purges = {
    lapsed: () => purgeLapsed(database, now, options),
    events: () => purgeEvents(database, now, options),
    agreements: () => purgeAgreements(database, now, options),
    imports: () => purgeImports(database, now, options),
    contents: () => purgeContents(database, now, options),
    keptMail: () => purgeKeptMail(database, now, options),
    messages: () => purgeMessages(database, now, options),
    deliveries: () => purgeDeliveries(database, now, options),
    inboundMails: () => purgeInboundMails(database, now, { ...options, nobodysDays: config.inboundDays }),
    opaqueParts: () => purgeOpaqueParts(database, now, options),
    auditEntries: () => purgeAudit(database, now - config.auditDays * DAY_MS, options),
  }
  const removed: Record<string, number> = {}
  for (const [what, purge] of Object.entries(purges)) {
    try {
      removed[what] = await purge()
    } catch (error) {
      if (error instanceof DatabaseUnavailable) throw error
      // A failure in one of them must not let everything else grow.
      log.error({ err: error, what }, 'purging failed')
    }
  }
  if (Object.values(removed).some((count) => count > 0)) log.info(removed, 'purged')
}
