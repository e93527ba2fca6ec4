import { accessSync, constants, lstatSync, mkdtempSync, rmdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Mistake } from './mistake.ts'

/** What keeps a directory from being used, or from being created where there is none yet. Leaves nothing behind. */
export function dataDirMistakes(dataDir: string): Mistake[] {
  const code = obstacle(dataDir)
  if (code === undefined) return []
  return [{ variable: 'KAIJO_DATA_DIR', message: `is not a directory that can be made or used (${code})` }]
}

/** The system's code for what stands in the way. */
function obstacle(dataDir: string): string | undefined {
  try {
    const present = deepestPresent(dataDir)
    if (!statSync(present).isDirectory()) return 'ENOTDIR'
    if (present === dataDir) accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
    // Tried for real, under a name of its own: permissions alone do not tell whether the file system lets anything be
    // created.
    else rmdirSync(mkdtempSync(join(present, '.kaijo-')))
    return undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code
  }
}

/**
 * The path, or its nearest ancestor that exists. A dangling link counts as existing: nothing can be created in its
 * place.
 */
function deepestPresent(path: string): string {
  return lstatSync(path, { throwIfNoEntry: false }) ? path : deepestPresent(dirname(path))
}
