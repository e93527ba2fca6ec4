import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Who says when it is over: a test's context, or `{ after }` of `node:test` inside a `describe`. */
export type Lifetime = { after(cleanUp: () => Promise<void>): void }

/** A fresh directory; it is gone when the test, or the `describe` block, has ended. */
export function tempDir(t: Lifetime): string {
  const { dir, remove } = makeTempDir()
  t.after(remove)
  return dir
}

/** A fresh directory for those who must do something else before it goes. */
export function makeTempDir(): { dir: string; remove(): Promise<void> } {
  const dir = mkdtempSync(join(tmpdir(), 'kaijo-test-'))
  return { dir, remove: () => rm(dir, { recursive: true, force: true, maxRetries: 3 }) }
}
