import type { Database } from '../../storage/database.ts'
import type { DkimLife } from './dkim-life.ts'
import { type DkimKeyName, type DkimRow, signsFromColumn } from './dkim-rows.ts'

/**
 * Ends the keys that a key takes over from, at the moment when it begins; does nothing while that moment is not set.
 */
export function endOthers({ query }: Database, key: DkimKeyName & DkimLife) {
  const { domain, algorithm, serviceId, selector, signsFrom } = key
  if (signsFrom === null) return []
  return [
    query
      .updateTable('dkim_key')
      .set({ signs_until: signsFrom })
      .where('domain', '=', domain)
      .where('algorithm', '=', algorithm)
      .where('service_id', serviceId === null ? 'is' : '=', serviceId)
      .where('selector', '<>', selector)
      .where('signs_from', '<=', signsFrom)
      .where((when) => when.or([when('signs_until', 'is', null), when('signs_until', '>', signsFrom)])),
  ]
}

export function insertKey({ query }: Database, row: DkimRow) {
  return query.insertInto('dkim_key').values(row)
}

export function setTimes({ query }: Database, key: DkimKeyName & DkimLife) {
  return query
    .updateTable('dkim_key')
    .set({ signs_from: signsFromColumn(key), signs_until: key.signsUntil })
    .where('domain', '=', key.domain)
    .where('selector', '=', key.selector)
}

export function removeKey({ query }: Database, { domain, selector }: DkimKeyName) {
  return query.deleteFrom('dkim_key').where('domain', '=', domain).where('selector', '=', selector)
}
