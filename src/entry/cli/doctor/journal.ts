import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Check, ok, warning } from './check.ts'

const NAME = 'journal'
/** Files of entries that a replay could not carry out, or not even read. */
const SET_ASIDE = /^(refused|damaged-.*)\.ndjson$/

/** Whether requests wait on this machine's disk for the database, and whether any were set aside. */
export function journalCheck({
  journal,
  dataDir,
}: {
  journal: { readonly pending: boolean }
  dataDir: string
}): Check {
  return {
    name: NAME,
    run: async () => {
      const folder = join(dataDir, 'journal')
      const files = (await readdir(folder).catch(() => [])).filter((file) => SET_ASIDE.test(file))
      if (files.length > 0) {
        const advice = `Look at ${files.join(', ')} in ${folder} and at the log of that time; carry out by hand what is in them, then move them away.`
        return warning(NAME, 'some acknowledged requests could not be carried out and were set aside', advice)
      }
      if (!journal.pending) return ok(NAME, 'empty')
      const advice =
        'They are replayed as soon as the database takes them, and nobody is mailed before. If this lasts, the log says why.'
      return warning(NAME, 'requests wait to be replayed', advice)
    },
  }
}
