import { addressKey } from '../kernel/address.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Database } from '../storage/database.ts'
import { DatabaseUnavailable } from '../storage/database-errors.ts'
import { decide } from '../suppression/deciding/decide.ts'
import type { LookUp } from '../suppression/deciding/look-up.ts'
import type { ClassDirectory } from '../tenants/class-directory.ts'
import type { Links } from '../tokens/link.ts'
import type { Accepted } from './accept-request.ts'
import { findOtherLists, type OtherList } from './other-lists.ts'
import type { PublicTarget } from './read-target.ts'

export interface FoundPage extends Pick<Accepted, 'list' | 'opened'> {
  excluded: boolean
  others: readonly OtherList[]
}

/** What a link is about and whether it has been used already. Changes nothing: scanners fetch every URL. */
export type FindPage = (target: PublicTarget) => Promise<FoundPage>

/**
 * Rejects with DatabaseUnavailable only when not even the list is known; otherwise the button is shown, even if it was
 * pressed before.
 */
export function createFindPage(parts: {
  database: Database
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
    const plain = { list, excluded: false, others: [] }
    if (!list || !opened?.ok) return plain
    try {
      const key = addressKey(opened.recipient) ?? ''
      const standings = (await lookUp([key])).get(key) ?? []
      const now = clock()
      const excluded = !decide(standings, [list.id], now).deliver
      return { list, opened, excluded, others: await findOtherLists(parts, list, opened, standings, now) }
    } catch (error) {
      if (error instanceof DatabaseUnavailable) return { ...plain, opened }
      throw error
    }
  }
}
