import { createHash } from 'node:crypto'
import type { Database } from '../../storage/database.ts'

/** Keeps a text that people agree to, each distinct one once; answers its hash. Resolves once it is durable. */
export type KeepConsentText = (text: string) => Promise<string>

/** Forms have few texts; even a service that changes them all day long has a few thousand. */
const MOST_KNOWN = 1_000

export function createKeepConsentText(database: Database, clock: () => number): KeepConsentText {
  const known = new Set<string>()
  return async (text) => {
    const hash = hashOfText(text)
    if (known.has(hash)) return hash
    await database.transact([
      database.query
        .insertInto('consent_text')
        .values({ hash, text, kept_at: clock() })
        .onConflict((conflict) => conflict.column('hash').doNothing()),
    ])
    if (known.size >= MOST_KNOWN) known.clear()
    known.add(hash)
    return hash
  }
}

/** SHA-256 of the text in UTF-8, in base64url: whoever has a text can check that it is the one. */
export function hashOfText(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
