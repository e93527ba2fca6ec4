import { type Outbox, startOutbox } from '../delivery/outbox/outbox.ts'
import { returnPathOf } from '../delivery/relay/return-path.ts'
import { type ImportJob, startImportJob } from '../imports/applying/import-job.ts'
import { type Schedule, startSchedule } from '../jobs/schedule.ts'
import { applyPending } from '../suppression/changing/pending-resumes.ts'
import { createCarryOut } from '../unsubscribe/accept-request.ts'
import { createOpaqueStore } from '../unsubscribe/opaque-request.ts'
import { type JournalReplay, replayJournal, startJournalReplay } from '../unsubscribe/replay-journal.ts'
import { createUnverifiedStore } from '../unsubscribe/unverified-request.ts'
import type { Capabilities } from './capabilities.ts'
import { tidy } from './tidy.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
/** Early enough that a process restarted every hour purges too, but not in the middle of the other work of a start. */
const FIRST_PURGE_MS = 60_000
const FIRST_CANCELLATIONS_MS = 1_000
const ERASURES_MS = 5_000
const FIRST_ERASURES_MS = 1_000

/** Replays what an earlier run left in its journal before anything else, then keeps watching it. */
export async function startReplay({
  publicParts,
  database,
  erased,
  log,
}: Capabilities): Promise<JournalReplay> {
  const { journal } = publicParts
  // Whatever is in the journal was acknowledged, so it is kept even when a table has reached its bound.
  const carryOut = createCarryOut(
    {
      ...publicParts,
      opaque: createOpaqueStore(database, erased, Number.POSITIVE_INFINITY),
      unverified: createUnverifiedStore(database, erased, Number.POSITIVE_INFINITY),
    },
    { isLate: true },
  )
  const replayed = (count: number) => log.info({ count }, 'requests replayed from the journal')
  const failed = (err: unknown) => log.error({ err }, 'a request in the journal could not be carried out')
  if (journal.pending) replayed(await replayJournal(journal, carryOut, failed))
  return startJournalReplay(journal, carryOut, { replayed, failed })
}

/** Sends what is accepted, here or by another process. */
export function startSending(capabilities: Capabilities): Outbox {
  const { config, keyring, log, relays, handOff } = capabilities
  const onError = (err: unknown) => log.error({ err }, 'an attempt failed')
  const outbox = startOutbox({
    ...capabilities,
    relayOf: (serviceId) => relays.of(serviceId),
    returnPath: returnPathOf({ inboundDomain: config.inboundDomain, keyring }),
    onError,
  })
  handOff.take = outbox.take
  handOff.wake = outbox.wake
  return outbox
}

/** Applies files to lists, whichever process took them in. */
export function startImporting({ database, clock, erased, log, importJob }: Capabilities): ImportJob {
  const job = startImportJob({
    database,
    clock,
    erased,
    onError: (err) => log.error({ err }, 'an import could not go on'),
  })
  importJob.wake = job.wake
  return job
}

/** Goes on with erasures of which the process that was at work on them is gone. */
export function startErasing({ database, clock, log, erasures }: Capabilities): Schedule {
  const onError = (err: unknown) => log.error({ err }, 'erasures could not be looked for')
  const task = {
    name: 'erasures',
    everyMs: ERASURES_MS,
    firstAfterMs: FIRST_ERASURES_MS,
    run: () => erasures.goOn(),
  }
  return startSchedule({ database, clock, onError }, task)
}

/**
 * Carries out cancellations at the hour that their service sets for them, and soon after the start those that were
 * missed.
 */
export function startCancelling({ database, clock, log }: Capabilities): Schedule {
  const onError = (err: unknown) => log.error({ err }, 'cancellations could not be carried out')
  const run = async (now: number, signal: AbortSignal) => {
    const count = await applyPending(database, now, { signal })
    if (count > 0) log.info({ count }, 'cancellations carried out')
  }
  const task = { name: 'cancellations', everyMs: MINUTE_MS, firstAfterMs: FIRST_CANCELLATIONS_MS, run }
  return startSchedule({ database, clock, onError }, task)
}

/** Removes what is no longer kept, every hour. Nothing depends on it: look-ups are right without it. */
export function startTidying(capabilities: Capabilities): Schedule {
  const { database, clock, log } = capabilities
  const onError = (err: unknown) => log.error({ err }, 'purging failed')
  const run = (now: number, signal: AbortSignal) => tidy(capabilities, now, signal)
  const task = { name: 'purge', everyMs: HOUR_MS, firstAfterMs: FIRST_PURGE_MS, run }
  return startSchedule({ database, clock, onError }, task)
}
