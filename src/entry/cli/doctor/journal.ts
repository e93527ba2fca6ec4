import { type Check, ok, warning } from './check.ts'

const NAME = 'journal'

/** Whether requests wait on this machine's disk for the database. */
export function journalCheck({ journal }: { journal: { readonly pending: boolean } }): Check {
  const advice =
    'They are replayed as soon as the database takes them, and nobody is mailed before. If this lasts, the log says why.'
  return {
    name: NAME,
    run: async () =>
      journal.pending ? warning(NAME, 'requests wait to be replayed', advice) : ok(NAME, 'empty'),
  }
}
