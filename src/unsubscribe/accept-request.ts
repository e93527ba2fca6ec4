import { parseAddress } from '../kernel/address.ts'
import { DatabaseUnavailable } from '../storage/database-errors.ts'
import type { Journal } from '../storage/journal.ts'
import type { RequestEvidence } from '../suppression/changing/change.ts'
import type { Recorder } from '../suppression/changing/recorder.ts'
import type { ClassDirectory } from '../tenants/class-directory.ts'
import type { List } from '../tenants/list.ts'
import { type Links, messageIdOf } from '../tokens/link.ts'
import type { Opened } from '../tokens/token.ts'
import type { OpaqueStore } from './opaque-request.ts'
import type { PublicTarget } from './read-target.ts'
import type { UnverifiedStore } from './unverified-request.ts'

/** A request to stop or resume as it came, with all that is needed to carry it out now or later. */
export interface PublicRequest {
  target: PublicTarget
  receivedAt: number
  evidence: Omit<RequestEvidence, 'keyId'>
  source: 'one-click' | 'page' | 'inbound'
}

/** What became of a request; also the label of its counter. */
export type Outcome =
  | 'excluded'
  | 'resumed'
  /** On this machine's disk until the database is back. */
  | 'journaled'
  | 'opaque-kept'
  /** A base URL with nothing after it, or with text after it on a list that takes none: it names nobody. */
  | 'nobody'
  | 'opaque-refused'
  | 'unknown-key'
  | 'broken-token'
  | 'unknown-class'

export interface Accepted {
  outcome: Outcome
  list?: List | undefined
  opened?: Extract<Opened, { ok: true }> | undefined
}

export type AcceptRequest = (request: PublicRequest) => Promise<Accepted>

export interface AcceptParts {
  directory: ClassDirectory
  links: Links
  recorder: Recorder
  opaque: OpaqueStore
  unverified: UnverifiedStore
  journal: Journal<PublicRequest>
}

/**
 * Carries out a request of a recipient or mailbox provider. Resolved means durable: in the database, or in the journal
 * while the database is away. Rejects when neither can be written.
 */
export function createAcceptRequest(parts: AcceptParts): AcceptRequest {
  const { journal, directory } = parts
  const carryOut = createCarryOut(parts)
  return async (request) => {
    const { classId } = request.target
    if (!journal.pending) {
      try {
        return await carryOut(request)
      } catch (error) {
        if (!(error instanceof DatabaseUnavailable)) throw error
      }
    }
    await journal.append(request)
    return {
      outcome: 'journaled',
      list: directory.remembered(classId),
      opened: openTarget(parts.links, request),
    }
  }
}

export type CarryOutParts = Pick<AcceptParts, 'directory' | 'links'> & {
  recorder: Pick<Recorder, 'record'>
  opaque: Pick<OpaqueStore, 'keep'>
  unverified: Pick<UnverifiedStore, 'keep'>
}

/**
 * Carries out one request in the database. May be repeated; rejects with DatabaseUnavailable when nothing was done.
 * Requests that have waited (`isLate`) undo nobody's later wish to stop, which another process may have recorded
 * meanwhile.
 */
export function createCarryOut(parts: CarryOutParts, { isLate = false } = {}): AcceptRequest {
  const { directory, links, recorder, opaque, unverified } = parts
  return async (request) => {
    const { target, receivedAt, evidence } = request
    const list = await directory.find(target.classId)
    if (!list) return { outcome: 'unknown-class' }
    if (target.kind === 'token' || target.kind === 'resume') {
      const opened = links.open(target.classId, target.token)
      if (opened.ok) return { outcome: await change(recorder, list, opened, request, isLate), list, opened }
      // Only a wish to stop is kept for the day on which its key is back.
      if (opened.why === 'unknown-key' && target.kind === 'token') {
        await unverified.keep({ target, keyId: opened.keyId, receivedAt, evidence })
      }
      return { outcome: opened.why === 'unknown-key' ? 'unknown-key' : 'broken-token', list }
    }
    const taking = list.takesOpaque ? list : await directory.refresh(target.classId)
    if (!taking?.takesOpaque) return { outcome: 'nobody', list }
    if (target.kind !== 'opaque') return { outcome: 'opaque-refused', list }
    if (target.part === '') return { outcome: 'nobody', list }
    await opaque.keep({ list, part: target.part, receivedAt, evidence: { ...evidence, keyId: null } })
    return { outcome: 'opaque-kept', list }
  }
}

function openTarget(links: Links, { target }: PublicRequest): Extract<Opened, { ok: true }> | undefined {
  if (target.kind !== 'token' && target.kind !== 'resume') return undefined
  const opened = links.open(target.classId, target.token)
  return opened.ok ? opened : undefined
}

async function change(
  recorder: Pick<Recorder, 'record'>,
  list: List,
  opened: Extract<Opened, { ok: true }>,
  { target, receivedAt, evidence, source }: PublicRequest,
  isLate: boolean,
): Promise<Outcome> {
  const recipient = parseAddress(opened.recipient)
  // Sealed by us, so it was an address when the link was made.
  if (!recipient) return 'broken-token'
  const shared = {
    listId: list.id,
    recipient,
    requestedAt: receivedAt,
    source,
    evidence: { ...evidence, keyId: opened.keyId },
  }
  if (target.kind === 'resume') {
    await recorder.record({ ...shared, kind: 'resume', upTo: isLate ? receivedAt : undefined })
    return 'resumed'
  }
  await recorder.record({
    ...shared,
    kind: 'stop',
    reason: 'unsubscribed',
    messageId: opened.message && messageIdOf(list, opened.message),
    mailedAt: opened.mintedAt,
  })
  return 'excluded'
}
