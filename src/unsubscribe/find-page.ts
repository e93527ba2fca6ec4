import { addressKey } from '../kernel/address.ts'
import type { Clock } from '../kernel/clock.ts'
import { DatabaseUnavailable } from '../storage/database-errors.ts'
import { decide } from '../suppression/decide.ts'
import type { LookUp } from '../suppression/look-up.ts'
import type { ClassDirectory } from '../tenants/class-directory.ts'
import type { Links } from '../tokens/link.ts'
import type { Accepted } from './accept-request.ts'
import type { PublicTarget } from './read-target.ts'

/** What a link is about and whether it has been used already. Changes nothing: scanners fetch every URL. */
export type FindPage = (
  target: PublicTarget,
) => Promise<{ found: Pick<Accepted, 'list' | 'opened'>; excluded: boolean }>

/** Rejects with DatabaseUnavailable only when not even the list is known; otherwise the button is shown to press again. */
export function createFindPage(parts: {
  directory: ClassDirectory
  links: Links
  lookUp: LookUp
  clock: Clock
}): FindPage {
  const { directory, links, lookUp, clock } = parts
  return async (target) => {
    const list = await directory.find(target.classId)
    const opened =
      target.kind === 'token' || target.kind === 'resume'
        ? links.open(target.classId, target.token)
        : undefined
    if (!list || !opened?.ok) return { found: { list }, excluded: false }

    const key = addressKey(opened.recipient) ?? ''
    const standings = await lookUp([key]).catch((error) => {
      if (error instanceof DatabaseUnavailable) return new Map()
      throw error
    })
    const decision = decide(standings.get(key) ?? [], [list.id], clock())
    return { found: { list, opened }, excluded: !decision.deliver }
  }
}
