import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Where the built console lies: inside the package, or beside `src` in the repository. */
export function consoleDirectory(): string {
  const [inPackage = '', inRepository = ''] = ['../console', '../../console/dist'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  )
  return existsSync(inPackage) ? inPackage : inRepository
}
