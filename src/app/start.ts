import { type Control, newControlToken, removeControlFile, writeControlFile } from '../access/control-file.ts'
import { createHttpEntrance } from '../entry/http/http-entrance.ts'
import { createInboundEntrance } from '../entry/smtp/inbound.ts'
import { createSubmission, type Opened } from '../entry/smtp/submission.ts'
import { endLeases } from '../jobs/leases.ts'
import {
  startCancelling,
  startErasing,
  startImporting,
  startReplay,
  startSending,
  startTidying,
} from './background.ts'
import type { Capabilities } from './capabilities.ts'
import { httpParts, inboundParts, submissionParts } from './entrances.ts'

export interface Running {
  /** The main listener's URL; undefined when this process runs none. */
  url: string | undefined
  /** Where mail is submitted; undefined when this process takes none. */
  smtp: Opened | undefined
  /** Where mail that comes back is received; undefined when this process takes none, or there is no inbound domain. */
  inbound: string | undefined
  /** Where the operator's commands go, on loopback. */
  control: Control
  /** Stops taking work, finishes what is under way, loses nothing. */
  stop(): Promise<void>
}

/**
 * Starts what the configuration says on top of the capabilities: replay of the journal first, then sending, then the
 * listeners. With `controlOnly` nothing but the operator's listener: how commands work when no server runs.
 */
export async function start(capabilities: Capabilities, { controlOnly = false } = {}): Promise<Running> {
  const { config, log } = capabilities
  const runs = (service: 'http' | 'smtp' | 'inbound' | 'worker') =>
    !controlOnly && config.services.has(service)
  const token = newControlToken()
  // The last one started ends first. A failure to end keeps nothing else from ending: the disk is released in any case.
  const endings = new AsyncDisposableStack()
  endings.defer(() => capabilities.close())
  const stop = () => endings.disposeAsync()
  try {
    const http = await createHttpEntrance(httpParts(capabilities, token, { controlOnly }))
    const replay = await startReplay(capabilities)
    endings.defer(() => replay.stop())
    // Whoever held leases on this SQLite database is gone: the data directory is locked.
    if (capabilities.database.engine === 'sqlite' && !controlOnly) await endLeases(capabilities.database)
    if (runs('worker')) {
      const [outbox, tidying] = [startSending(capabilities), startTidying(capabilities)]
      const cancelling = startCancelling(capabilities)
      const erasing = startErasing(capabilities)
      endings.defer(() => erasing.stop())
      // First, so that the schedule need not wait for all of an erasure.
      endings.defer(() => capabilities.erasures.stop())
      endings.defer(() => cancelling.stop())
      endings.defer(() => tidying.stop())
      endings.defer(() => outbox.stop())
    }
    // A command that works without a server has its own file applied.
    if (runs('worker') || controlOnly) {
      const importing = startImporting(capabilities)
      endings.defer(() => importing.stop())
    }
    endings.defer(() => http.close())
    const url = runs('http') ? await http.open() : undefined
    const submission = createSubmission(submissionParts(capabilities))
    endings.defer(() => submission.close())
    const smtp = runs('smtp') ? await submission.open() : undefined
    const entrance = createInboundEntrance(inboundParts(capabilities))
    endings.defer(() => entrance.close())
    const takesInbound = runs('inbound') && config.inboundDomain !== undefined
    const inbound = takesInbound ? await entrance.open() : undefined
    const control = { url: await http.openControl(), token }
    // Another command waits for this one to end rather than use its listener.
    if (!controlOnly) {
      endings.defer(() => removeControlFile(config.dataDir))
      await writeControlFile(config.dataDir, control)
    }
    log.info({ url, ...smtp, inbound }, 'started')
    return { url, smtp, inbound, control, stop }
  } catch (error) {
    // Whatever was opened so far would keep the process alive.
    await stop().catch((err) => log.error({ err }, 'stopping failed'))
    throw error
  }
}
