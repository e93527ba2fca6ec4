import { type Decision, decide } from '../../suppression/deciding/decide.ts'
import type { LookUp } from '../../suppression/deciding/look-up.ts'
import type { ServiceLists } from '../../tenants/service-lists.ts'
import { isOptOut } from './applicable-lists.ts'

export interface Candidate {
  addressKey: string
  /** The lists that apply, in the order in which they are given as the reason. */
  listIds: readonly number[]
}

export interface Verdict {
  decision: Decision
  /** For transactional mail: the opt-out that would have excluded it. */
  overridden: Extract<Decision, { deliver: false }> | undefined
}

/** Decides on many recipients with one look-up. Rejects when the look-up cannot be made: then nobody is mailed. */
export async function decideRecipients(
  lookUp: LookUp,
  service: Pick<ServiceLists, 'lists' | 'service'>,
  candidates: readonly Candidate[],
  { transactional, now }: { transactional: boolean; now: number },
): Promise<Verdict[]> {
  const keys = candidates.map(({ addressKey }) => addressKey)
  const standings = await lookUp(keys, service.service.siteId)
  const overridable = (id: number) => {
    const list = service.lists.get(id)
    return list !== undefined && isOptOut(list.kind)
  }
  return candidates.map(({ addressKey, listIds }) => {
    const own = standings.get(addressKey) ?? []
    if (!transactional) return { decision: decide(own, listIds, now), overridden: undefined }
    const optOut = decide(own, listIds.filter(overridable), now)
    return {
      decision: decide(
        own,
        listIds.filter((id) => !overridable(id)),
        now,
      ),
      overridden: optOut.deliver ? undefined : optOut,
    }
  })
}
