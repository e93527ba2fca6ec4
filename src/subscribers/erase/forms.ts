import { domainToUnicode } from 'node:url'
import type { Database } from '../../storage/database.ts'

/** Where an address stands beside its key, in the spelling that was given. */
const SPELT = ['suppression', 'event', 'message', 'error_count', 'pending_resume', 'subscriber'] as const

/** An address in every spelling that is stored, as it stands in texts, in JSON and in URLs; in lower case. */
export async function formsOf(database: Database, key: string, given: string): Promise<string[]> {
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
  const spellings = new Set([key, given, inUnicode, ...found.flat().map(({ address }) => address)])
  const forms = [...spellings].flatMap((spelling) => [
    spelling,
    JSON.stringify(spelling).slice(1, -1),
    encodeURIComponent(spelling),
    spelling.replace('@', '%40'),
  ])
  // Databases fold ASCII alone, or more.
  const folded = forms.map((form) => form.replace(/[A-Z]/g, (letter) => letter.toLowerCase()))
  return [...new Set([...folded, ...forms.map((form) => form.toLowerCase())])]
}
