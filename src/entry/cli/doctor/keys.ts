import type { Keyring } from '../../../kernel/keyring.ts'
import type { Database } from '../../../storage/database.ts'
import type { UnverifiedStore } from '../../../unsubscribe/unverified-request.ts'
import { PROGRAM } from '../program-name.ts'
import { type Check, type Finding, failed, ok, warning } from './check.ts'

const NAME = 'keys'
const GIVE_THEM =
  'Give every process all keys of the installation: KAIJO_SECRET_KEYS, or the secret-keys.json that has them.'

interface KeysParts {
  database: Database
  keyring: Keyring
  unverified: Pick<UnverifiedStore, 'waiting'>
}

/** The keys of this process against those of the installation, and the requests that wait for a key. */
export function keysCheck({ database, keyring, unverified }: KeysParts): Check {
  return {
    name: NAME,
    run: async () => {
      const { query } = database
      const known = await database.read(query.selectFrom('secret_key').select(['id', 'check_value']))
      const waiting = await unverified.waiting()
      return [
        compareKeys(keyring, known),
        ...waiting.map((requests) => describeWaiting(requests, keyring, known)),
      ]
    },
  }
}

function compareKeys(keyring: Keyring, known: { id: string; check_value: string }[]): Finding {
  const bad = known.filter(({ id, check_value }) => keyring.get(id)?.checkValue !== check_value)
  if (bad.length > 0) return failed(NAME, `missing or different here: ${idsOf(bad)}`, GIVE_THEM)
  const unregistered = keyring.all().filter((key) => !known.some(({ id }) => id === key.id))
  if (unregistered.length > 0) {
    const detail = `the database does not know ${idsOf(unregistered)} yet`
    return warning(NAME, detail, 'The next start makes it known; have every other process get it before.')
  }
  return ok(NAME, `${idsOf(keyring.all())}; ${keyring.newest.id} seals, all open`)
}

function describeWaiting(
  { keyId, count, since }: Awaited<ReturnType<UnverifiedStore['waiting']>>[number],
  keyring: Keyring,
  known: { id: string }[],
): Finding {
  const name = `requests for key ${keyId}`
  const detail = `${count} wait since ${new Date(since).toISOString()}`
  if (keyring.get(keyId)) return warning(name, detail, `The key is here now: run \`${PROGRAM} keys repair\`.`)
  if (known.some(({ id }) => id === keyId))
    return failed(name, detail, `${GIVE_THEM} Then run \`${PROGRAM} keys repair\`.`)
  const advice =
    `If a process of yours has or had this key, give it to this one too and run \`${PROGRAM} keys repair\`. ` +
    'Anyone can make such requests up: an id that nobody knows means nothing.'
  return warning(name, detail, advice)
}

function idsOf(keys: { id: string }[]): string {
  return keys.map(({ id }) => id).join(', ')
}
