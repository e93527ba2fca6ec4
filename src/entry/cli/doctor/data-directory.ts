import { stat, statfs } from 'node:fs/promises'
import { secretKeysFile } from '../../../config/secret-keys-file.ts'
import type { Config } from '../../../config/to-config.ts'
import { type Check, type Finding, failed, ok, reasonOf, warning } from './check.ts'

const NAME = 'data directory'
const OTHERS = 0o077
const LEAST_FREE_BYTES = 1024 ** 3

/** The directory is its owner's alone, as is the key file in it, and the disk has room. */
export function dataDirectoryCheck({ dataDir, secretKeys }: Pick<Config, 'dataDir' | 'secretKeys'>): Check {
  return {
    name: NAME,
    run: async () => {
      let mode: number
      try {
        mode = (await stat(dataDir)).mode
      } catch (error) {
        return failed(
          NAME,
          `${dataDir} cannot be used (${reasonOf(error)})`,
          'Set KAIJO_DATA_DIR, or start once.',
        )
      }
      const findings = [
        isOpen(mode)
          ? warning(NAME, `${dataDir} is open to other users (mode ${octal(mode)})`, `chmod 700 ${dataDir}`)
          : ok(NAME, `${dataDir}, mode ${octal(mode)}`),
        await diskSpace(dataDir),
      ]
      return secretKeys ? findings : [...findings, await keyFile(secretKeysFile(dataDir))]
    },
  }
}

async function diskSpace(dataDir: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(dataDir)
  const free = bavail * bsize
  const detail = `${(free / 1024 ** 3).toFixed(1)} GiB free for ${dataDir}`
  return free < LEAST_FREE_BYTES
    ? warning('disk space', detail, 'Make room: on a full disk no request can be taken.')
    : ok('disk space', detail)
}

async function keyFile(file: string): Promise<Finding> {
  try {
    const { mode } = await stat(file)
    if (!isOpen(mode)) return ok('secret key file', `${file}, mode ${octal(mode)}`)
    return warning(
      'secret key file',
      `${file} is open to other users (mode ${octal(mode)})`,
      `chmod 600 ${file}`,
    )
  } catch (error) {
    const advice = 'Bring it back from a backup: without it no link in sent mail can be opened.'
    return failed('secret key file', `${file} cannot be read (${reasonOf(error)})`, advice)
  }
}

function isOpen(mode: number): boolean {
  return (mode & OTHERS) !== 0
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8)
}
