import { parseAddress } from '../../kernel/address.ts'
import type { CallerEvidence, Reason, Source } from './change.ts'
import type { Recorder } from './recorder.ts'

export interface ManyChanged {
  changed: number
  unchanged: number
  /** As given. */
  malformed: string[]
}

export type ManyRequest = {
  listId: number
  addresses: readonly string[]
  requestedAt: number
  source: Source
  evidence?: CallerEvidence | undefined
} & ({ kind: 'stop'; reason: Reason } | { kind: 'resume' })

/**
 * Puts many addresses on a list or makes them deliverable again. Malformed addresses are returned, the others carried
 * out.
 */
export async function changeMany(recorder: Recorder, request: ManyRequest): Promise<ManyChanged> {
  const { listId, addresses, requestedAt, source, evidence = null } = request
  const parsed = addresses.map((address) => ({ address, recipient: parseAddress(address) }))
  const results = await Promise.all(
    parsed.flatMap(({ recipient }) => {
      if (!recipient) return []
      const shared = { listId, recipient, requestedAt, source, evidence }
      return recorder.record(
        request.kind === 'stop'
          ? { ...shared, kind: 'stop', reason: request.reason, messageId: null, mailedAt: null }
          : { ...shared, kind: 'resume' },
      )
    }),
  )
  const changed = results.filter((result) => result.changed).length
  return {
    changed,
    unchanged: results.length - changed,
    malformed: parsed.filter(({ recipient }) => !recipient).map(({ address }) => address),
  }
}
