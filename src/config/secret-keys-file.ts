import { randomUUID } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { type FileHandle, link, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { MasterKey } from '../kernel/keyring.ts'
import { readMasterKeys } from './master-key.ts'
import { ConfigError, type Mistake } from './mistake.ts'

const FILE_NAME = 'secret-keys.json'
const OWNER_ONLY = 0o600

/** The file's form: `{ "keys": [{ "created": ISO 8601, "key": base64 }] }`, newest first. */
const FILE = z.strictObject({ keys: z.array(z.unknown()).min(1) })
const ENTRY = z.strictObject({ created: z.iso.datetime(), key: z.string() })

/** A key as the file holds it. `created` is ISO 8601. */
export type StoredKey = Readonly<MasterKey> & { readonly created: string }

export function secretKeysFile(dataDir: string): string {
  return join(dataDir, FILE_NAME)
}

/**
 * Reads the keys, newest first; undefined when there is no file. `exposed` means that others than its owner may read
 * it. Throws a ConfigError with everything that is wrong when the file cannot be read or understood: it is never
 * treated as missing, since new keys in its place would make every link in mail already sent unreadable.
 */
export function readSecretKeys(dataDir: string): { keys: StoredKey[]; exposed: boolean } | undefined {
  const file = secretKeysFile(dataDir)
  let text: string
  let mode: number
  try {
    text = readFileSync(file, 'utf8')
    mode = statSync(file).mode
  } catch (error) {
    // A path that is not a directory is not the file's fault: see data-dir.ts.
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined
    throw unusable(`${file} cannot be read`, error)
  }
  return { keys: decodeKeys(text, file), exposed: (mode & 0o077) !== 0 }
}

/** Writes the first keys. Returns false, and leaves everything as it was, when another process was quicker. */
export async function createSecretKeys(dataDir: string, keys: readonly StoredKey[]): Promise<boolean> {
  const file = secretKeysFile(dataDir)
  const draft = join(dataDir, `.${FILE_NAME}.${randomUUID()}`)
  try {
    const handle = await open(draft, 'wx', OWNER_ONLY)
    await writeThrough(handle, keys)
    // Unlike a rename, a link never replaces what is there.
    await link(draft, file)
    await syncDirectory(dataDir)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw unusable(`${file} cannot be written`, error)
  } finally {
    await rm(draft, { force: true })
  }
}

/** Removes the first keys again, before anything was sealed with them. */
export async function removeSecretKeys(dataDir: string): Promise<void> {
  await rm(secretKeysFile(dataDir), { force: true })
  await syncDirectory(dataDir)
}

/**
 * Replaces the keys with what `change` makes of them, all or nothing. The draft always has the same name, so that the
 * second of two simultaneous changes is refused instead of undoing the first.
 */
export async function changeSecretKeys(
  dataDir: string,
  change: (keys: readonly StoredKey[]) => readonly StoredKey[],
): Promise<void> {
  const file = secretKeysFile(dataDir)
  const draft = join(dataDir, `.${FILE_NAME}.change`)
  const handle = await open(draft, 'wx', OWNER_ONLY).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') throw unusable(`${dataDir} is not there yet; the first start makes it`)
    if (codeOf(error) !== 'EEXIST') throw unusable(`${file} cannot be changed`, error)
    throw unusable(
      `${draft} exists: another change is under way, or one was cut off and left it to be removed`,
    )
  })
  try {
    const stored = readSecretKeys(dataDir)
    if (!stored) throw unusable(`${file} is not there yet; the first start makes it`)
    await writeThrough(handle, change(stored.keys))
    await rename(draft, file)
  } catch (error) {
    await handle.close()
    await rm(draft, { force: true })
    throw error instanceof ConfigError ? error : unusable(`${file} cannot be changed`, error)
  }
  await syncDirectory(dataDir)
}

function decodeKeys(text: string, file: string): StoredKey[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    // The parser's own message would quote the file.
    throw unusable(`${file} is not JSON`)
  }
  const content = FILE.safeParse(parsed)
  if (!content.success) throw unusable(`${file} is not { "keys": [{ "created": time, "key": base64 }] }`)
  const entries = content.data.keys.map((entry) => ENTRY.safeParse(entry))
  const malformed = entries.flatMap(({ success }, index) =>
    success ? [] : [`key ${index + 1} is not { "created": time, "key": base64 }`],
  )
  const { keys, wrong } = readMasterKeys(content.data.keys.map(textOf))
  const reasons = [...malformed, ...wrong].map((reason) => mistake(`${file}: ${reason}`))
  if (reasons.length > 0) throw new ConfigError(reasons)
  return keys.map((key, index) => ({ ...key, created: entries[index]?.data?.created as string }))
}

function textOf(entry: unknown): string {
  const { key } = Object(entry)
  return typeof key === 'string' ? key : ''
}

/** Writes the keys, flushes them to disk and closes the file. */
async function writeThrough(handle: FileHandle, keys: readonly StoredKey[]): Promise<void> {
  const content = { keys: keys.map(({ created, bytes }) => ({ created, key: bytes.toString('base64') })) }
  try {
    await handle.writeFile(`${JSON.stringify(content, null, 2)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Makes a new name in a directory survive a power failure. */
async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code
}

function unusable(message: string, cause?: unknown): ConfigError {
  const code = cause === undefined ? undefined : codeOf(cause)
  return new ConfigError([mistake(code ? `${message} (${code})` : message)], { cause })
}

function mistake(message: string): Mistake {
  return { variable: 'KAIJO_DATA_DIR', message }
}
