import { DomainError } from '../../kernel/domain-error.ts'
import { comparePublished, type PublishedState } from '../../mail/dkim-record.ts'
import { dkimState, removableFrom } from './dkim-life.ts'
import type { DkimKey, DkimKeyName } from './dkim-rows.ts'
import type { DkimStore } from './dkim-store.ts'

/** TXT records by name, each in one piece; `unseen` says why DNS could not be asked. */
export type LookUpTxt = (name: string) => Promise<{ records: string[] } | { unseen: string }>

export interface DkimFinding {
  /** The key as it is after the check. */
  key: DkimKey
  dns: PublishedState | 'unseen'
  detail: string
  /** True when nothing needs to be done: verifiers find what mail needs, or no mail needs it any more. */
  ok: boolean
}

/** Compares what DNS has for a key with what it should have. */
export async function checkDkimKey(key: DkimKey, lookUp: LookUpTxt, now: number): Promise<DkimFinding> {
  const answer = await lookUp(key.dnsName)
  const found =
    'unseen' in answer
      ? ({ state: 'unseen', detail: `DNS cannot be asked from here (${answer.unseen})` } as const)
      : comparePublished(answer.records, key.record)
  const end = dkimState(key, now) === 'retired' ? removableFrom(key) : null
  const isDone = end !== null && end <= now
  return { key, dns: found.state, detail: found.detail, ok: isDone || found.state === 'published' }
}

/**
 * Checks the keys of a domain, or all keys; those that were waiting for their record begin to sign once it is there.
 */
export async function checkDkimKeys(
  dkim: Pick<DkimStore, 'list' | 'activate'>,
  lookUp: LookUpTxt,
  { domain, now }: { domain?: string | undefined; now: number },
): Promise<(DkimFinding & { activated: boolean })[]> {
  const keys = await dkim.list(domain)
  return Promise.all(
    keys.map(async (key) => {
      const finding = await checkDkimKey(key, lookUp, now)
      const activated = finding.ok && dkimState(key, now) === 'waiting'
      return { ...finding, activated, key: activated ? await dkim.activate({ ...nameOf(key), now }) : key }
    }),
  )
}

/**
 * Lets a key sign from now on. Throws DomainError `not-found`, and `wrong-state` when its record is not in DNS, unless
 * `force` is given.
 */
export async function activateDkimKey(
  dkim: Pick<DkimStore, 'list' | 'activate'>,
  lookUp: LookUpTxt,
  { force, now, ...name }: DkimKeyName & { force: boolean; now: number },
): Promise<DkimKey> {
  const key = (await dkim.list(name.domain)).find(({ selector }) => selector === name.selector)
  if (key && !force) {
    const { dns, detail } = await checkDkimKey(key, lookUp, now)
    if (dns !== 'published') throw new DomainError('wrong-state', `${key.dnsName}: ${detail}`)
  }
  return dkim.activate({ ...name, now })
}

function nameOf({ domain, selector }: DkimKey): DkimKeyName {
  return { domain, selector }
}
