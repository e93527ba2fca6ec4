import { domainToUnicode } from 'node:url'
import type { Database } from '../../storage/database.ts'

/** Where an address stands beside its key, in the spelling that was given. */
const SPELT = ['suppression', 'event', 'message', 'error_count', 'pending_resume', 'subscriber'] as const

/** An address in every spelling that is stored, as it stands in texts, in JSON and in URLs; in lower case. */
export async function spellingsOf(database: Database, key: string, given: string): Promise<string[]> {
  const found = await Promise.all(
    SPELT.map((table) =>
      database.read(
        database.query
          .selectFrom(table as 'suppression')
          .select('address')
          .where('address_key', '=', key)
          .distinct(),
      ),
    ),
  )
  const at = key.lastIndexOf('@') + 1
  const inUnicode = key.slice(0, at) + (domainToUnicode(key.slice(at)) || key.slice(at))
  const addresses = new Set([key, given, inUnicode, ...found.flat().map(({ address }) => address)])
  const spellings = [...addresses].flatMap((address) => [
    address,
    JSON.stringify(address).slice(1, -1),
    encodeURIComponent(address),
    address.replace('@', '%40'),
  ])
  // Databases fold ASCII alone, or more.
  const folded = spellings.map((spelling) => spelling.replace(/[A-Z]/g, (letter) => letter.toLowerCase()))
  return [...new Set([...folded, ...spellings.map((spelling) => spelling.toLowerCase())])]
}
