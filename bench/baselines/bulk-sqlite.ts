import { execFile, spawnSync } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Bulk, timed } from '../support/bulk.ts'
import type { Installation } from '../support/installation.ts'
import { STATE_COLUMNS } from '../support/list-files.ts'

/** The cache and durability of Kaijo's writer: with the program's own cache of 2 MB the load takes twice as long. */
const PRAGMAS = 'pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -65536;'
const TABLE = `create table stop (${STATE_COLUMNS}, primary key (address_key, list_id)) without rowid;`
const WITHOUT_PROGRAM = fileURLToPath(new URL('sqlite-files.ts', import.meta.url))

/** The sqlite3 program if it is installed, otherwise the least that does the same through node:sqlite. */
export function bulkSqlite({ dir, env }: Pick<Installation, 'dir' | 'env'>): Bulk {
  const isInstalled = spawnSync('sqlite3', ['-version']).status === 0
  const run = (command: string, args: readonly string[]) => promisify(execFile)(command, args)
  const fresh = join(dir, 'baseline.db')
  const own = join(env['KAIJO_DATA_DIR'] as string, 'kaijo.db')
  return {
    loader: isInstalled
      ? 'sqlite3 .import'
      : 'inserts in one transaction (node:sqlite; sqlite3 is not installed)',
    dumper: isInstalled ? 'sqlite3 -csv' : 'a loop over the rows (node:sqlite; sqlite3 is not installed)',
    load: async (file) => {
      for (const suffix of ['', '-wal', '-shm']) await rm(`${fresh}${suffix}`, { force: true })
      const open = `${PRAGMAS} ${TABLE}`
      return timed(() =>
        isInstalled
          ? run('sqlite3', [fresh, '-cmd', open, `.import --csv ${file} stop`])
          : run(process.execPath, [WITHOUT_PROGRAM, 'load', fresh, open, file]),
      )
    },
    dump: (select, file) =>
      timed(() =>
        isInstalled
          ? run('sqlite3', ['-readonly', '-csv', own, '-cmd', `.once ${file}`, select])
          : run(process.execPath, [WITHOUT_PROGRAM, 'dump', own, select, file]),
      ),
  }
}
