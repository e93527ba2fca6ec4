import { DomainError, invalid } from '../../kernel/domain-error.ts'
import type { Keyring } from '../../kernel/keyring.ts'
import { type DkimAlgorithm, type DkimKeyPair, generateDkimKey, readDkimKey } from '../../mail/dkim-keys.ts'
import type { Database } from '../../storage/database.ts'
import { refusingTakenName } from '../../storage/refusing-taken-name.ts'
import { dkimState, endsNothing, isOneOf, removableFrom } from './dkim-life.ts'
import { type DkimKey, type DkimKeyName, newDkimKey, readDkimKeys, toDkimRow } from './dkim-rows.ts'
import { endOthers, insertKey, removeKey, setTimes } from './dkim-statements.ts'

/** `both` is an RSA and an Ed25519 key, with the algorithm behind their selector: `k1-rsa` and `k1-ed25519`. */
type AlgorithmChoice = DkimAlgorithm | 'both'

interface NewKey extends DkimKeyName {
  /** The one service whose mail it signs; every service unless given. */
  serviceId?: number | null | undefined
  /** UTC epoch milliseconds. */
  now: number
}

type KnownKey = DkimKeyName & { now: number }

/**
 * Creates, replaces and ends keys. A function that names a key throws DomainError `not-found` when it does not exist.
 */
export interface DkimChanges {
  /**
   * Makes a key, or one of each kind. It signs at once if that takes over from no other key, and otherwise waits to be
   * activated. Throws `invalid-value`, `name-taken`, and `wrong-state` while another key of its kind waits.
   */
  create(request: NewKey & { algorithm: AlgorithmChoice }): Promise<DkimKey[]>
  /** Takes in a key that was made elsewhere, as PEM; otherwise like `create`. */
  import(request: NewKey & { privateKey: string }): Promise<DkimKey>
  /**
   * Makes the successor of the key that signs; it takes over at the given time, or when it is activated. The algorithm
   * may be left out when the signing keys have only one. Throws as `create` does, and `wrong-state` where nothing
   * signs.
   */
  rotate(
    request: NewKey & { algorithm?: AlgorithmChoice | undefined; at?: number | undefined },
  ): Promise<DkimKey[]>
  /** The key signs from now on; the one that it takes over from stops. This also brings a retired key back. */
  activate(request: KnownKey): Promise<DkimKey>
  /** The key signs no more. Throws `wrong-state` for one that has not begun to sign. */
  retire(request: KnownKey): Promise<DkimKey>
  /** Deletes a key that has not signed for 7 days, or any key by `force`; otherwise throws `wrong-state`. */
  remove(request: KnownKey & { force?: boolean | undefined }): Promise<DkimKey>
}

/** DNS labels with dots between them (RFC 6376 §3.1). */
const SELECTOR = /^(?=.{1,120}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/

interface Draft {
  key: DkimKey
  pair: DkimKeyPair
}

export function createDkimChanges(database: Database, keyring: Keyring): DkimChanges {
  const find = async ({ domain, selector }: DkimKeyName) => {
    const keys = await readDkimKeys(database, domain)
    const key = keys.find((candidate) => candidate.selector === selector)
    if (!key) throw new DomainError('not-found', `${domain} has no key ${selector}`, { field: 'selector' })
    return { key, others: keys.filter((other) => other !== key && isOneOf(other, key)) }
  }

  /** All or none. */
  const insert = async (drafts: readonly Draft[]): Promise<DkimKey[]> => {
    const keys = drafts.map(({ key }) => key)
    const inserts = drafts.map(({ key, pair }) => insertKey(database, toDkimRow(keyring, key, pair)))
    const names = keys.map(({ selector }) => selector).join(' or ')
    const taken = `${keys[0]?.domain} has a key ${names} already`
    const statements = [...keys.flatMap((key) => endOthers(database, key)), ...inserts]
    await refusingTakenName(taken, () => database.transact(statements), { field: 'selector' })
    return keys
  }

  const insertFree = async (drafts: readonly Draft[], now: number): Promise<DkimKey[]> => {
    const keys = await readDkimKeys(database)
    return insert(
      drafts.map(({ key, pair }) => {
        refuseSecond(keys, key, now)
        return { key: endsNothing(keys, key, now) ? { ...key, signsFrom: now } : key, pair }
      }),
    )
  }

  return {
    create: async ({ algorithm, ...request }) => insertFree(await draftKeys(request, algorithm), request.now),

    import: async ({ privateKey, ...request }) => {
      const [key] = await insertFree([toDraft(request, readDkimKey(privateKey))], request.now)
      return key as DkimKey
    },

    rotate: async ({ algorithm, at, ...request }) => {
      const { domain, serviceId = null, now } = request
      if (at !== undefined && at <= now) throw invalid('at', 'must be in the future')
      const keys = await readDkimKeys(database, domain)
      const signing = keys.filter((key) => key.serviceId === serviceId && dkimState(key, now) === 'signing')
      const drafts = await draftKeys(request, algorithm ?? onlyAlgorithm(signing, domain))
      for (const { key } of drafts) {
        if (!signing.some((other) => isOneOf(other, key))) throw nothingSigns(domain, key.algorithm)
        refuseSecond(keys, key, now)
      }
      return insert(drafts.map(({ key, pair }) => ({ key: { ...key, signsFrom: at ?? null }, pair })))
    },

    activate: async ({ now, ...name }) => {
      const { key, others } = await find(name)
      if (dkimState(key, now) === 'signing') return key
      const next = others.find((other) => dkimState(other, now) === 'scheduled')
      const begun = { ...key, signsFrom: now, signsUntil: next?.signsFrom ?? null }
      await database.transact([...endOthers(database, begun), setTimes(database, begun)])
      return begun
    },

    retire: async ({ now, ...name }) => {
      const { key } = await find(name)
      const state = dkimState(key, now)
      if (state === 'retired') return key
      if (state !== 'signing') {
        throw new DomainError('wrong-state', `${key.selector} has not signed yet: remove it`)
      }
      const ended = { ...key, signsUntil: now }
      await database.transact([setTimes(database, ended)])
      return ended
    },

    remove: async ({ now, force = false, ...name }) => {
      const { key, others } = await find(name)
      if (!force) refuseNeeded(key, now)
      const isScheduled = dkimState(key, now) === 'scheduled'
      // The key that was to make way for it goes on signing.
      const spared = others.filter((other) => isScheduled && other.signsUntil === key.signsFrom)
      await database.transact([
        removeKey(database, key),
        ...spared.map((other) => setTimes(database, { ...other, signsUntil: null })),
      ])
      return key
    },
  }
}

async function draftKeys(request: NewKey, choice: AlgorithmChoice): Promise<Draft[]> {
  const { selector } = request
  const named: [string, DkimAlgorithm][] =
    choice === 'both'
      ? [
          [`${selector}-rsa`, 'rsa-sha256'],
          [`${selector}-ed25519`, 'ed25519-sha256'],
        ]
      : [[selector, choice]]
  return Promise.all(
    named.map(async ([selector, algorithm]) =>
      toDraft({ ...request, selector }, await generateDkimKey(algorithm)),
    ),
  )
}

function toDraft({ domain, selector, serviceId = null, now }: NewKey, pair: DkimKeyPair): Draft {
  if (!SELECTOR.test(selector))
    throw invalid('selector', 'must be DNS labels of lower-case letters and digits')
  return { key: newDkimKey(pair.publicKey, { domain, selector, serviceId, createdAt: now }), pair }
}

/** Among keys that take over from each other, only one may wait at a time. */
function refuseSecond(keys: readonly DkimKey[], fresh: DkimKey, now: number): void {
  const other = keys.find(
    (key) => isOneOf(key, fresh) && ['waiting', 'scheduled'].includes(dkimState(key, now)),
  )
  if (other) throw new DomainError('wrong-state', `${other.selector} waits already: activate or remove it`)
}

function refuseNeeded(key: DkimKey, now: number): void {
  const state = dkimState(key, now)
  if (state === 'signing') throw new DomainError('wrong-state', `${key.selector} signs: retire it first`)
  const end = state === 'retired' ? removableFrom(key) : null
  if (end !== null && now < end) {
    const time = new Date(end).toISOString()
    throw new DomainError('wrong-state', `mail that ${key.selector} signed is under way until ${time}`)
  }
}

function onlyAlgorithm(signing: readonly DkimKey[], domain: string): DkimAlgorithm {
  const [algorithm, ...others] = new Set(signing.map((key) => key.algorithm))
  if (algorithm === undefined) throw nothingSigns(domain)
  if (others.length > 0) throw invalid('algorithm', `must be named: both kinds sign for ${domain}`)
  return algorithm
}

function nothingSigns(domain: string, algorithm = ''): DomainError {
  return new DomainError(
    'wrong-state',
    `no key ${algorithm && `of ${algorithm} `}signs for ${domain}: create one`,
  )
}
