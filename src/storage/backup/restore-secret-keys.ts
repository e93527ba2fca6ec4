import { copyFile, link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { KEYS_FILE, RestoreRefused } from './backup-manifest.ts'

export type RestoredKeys = 'restored' | 'already there' | 'not included'

/**
 * Checks whether a backup's key file may go to `file`: either nothing is there, or a file that holds the same keys and
 * perhaps newer ones, which then stays. Throws RestoreRefused when that file lacks a key: neither file alone could open
 * every link then.
 */
export async function checkSecretKeys(directory: string, file: string): Promise<RestoredKeys> {
  const present = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (present === undefined) return 'restored'
  const kept = await readFile(join(directory, KEYS_FILE), 'utf8')
  if (present === kept) return 'already there'
  const there = keysIn(present)
  if (keysIn(kept).every((key) => there.includes(key))) return 'already there'
  throw new RestoreRefused(
    `${file} lacks keys of the backup: move it away if nothing was ever sent with its own keys, otherwise add those of ` +
      `${join(directory, KEYS_FILE)} at its end`,
  )
}

/** Puts the backup's key file in place, whole or not at all. */
export async function placeSecretKeys(directory: string, file: string): Promise<void> {
  const draft = `${file}.restore`
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  try {
    await copyFile(join(directory, KEYS_FILE), draft)
    const handle = await open(draft, 'r+')
    await handle
      .chmod(0o600)
      .then(() => handle.sync())
      .finally(() => handle.close())
    // Unlike a rename, a link never replaces what is there.
    await link(draft, file)
  } finally {
    await rm(draft, { force: true })
  }
}

function keysIn(text: string): string[] {
  try {
    const { keys } = JSON.parse(text) as { keys: { key: string }[] }
    return keys.map(({ key }) => key)
  } catch {
    return []
  }
}
