import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Another process works in this data directory. */
export class DataDirectoryInUse extends Error {
  override readonly name = 'DataDirectoryInUse'
}

export interface DataLock {
  release(): void
}

/**
 * Creates a data directory if necessary and takes it for this process. The lock is the operating system's, taken by
 * SQLite on a file of its own: it is gone the moment the process is, however that ended, and leaves nothing to clean
 * up. Throws DataDirectoryInUse.
 */
export function lockDataDirectory(dataDir: string): DataLock {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const file = join(dataDir, 'lock')
  closeSync(openSync(file, 'a', 0o600))
  const connection = new DatabaseSync(file, { timeout: 0 })
  try {
    connection.exec('begin exclusive')
  } catch (cause) {
    connection.close()
    throw new DataDirectoryInUse(`another Kaijo works in ${dataDir}`, { cause })
  }
  return { release: () => connection.close() }
}
