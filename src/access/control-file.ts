import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** How commands reach the process that works in a data directory: a loopback listener and the operator's token. */
export interface Control {
  url: string
  token: string
}

/** 256 random bits in base64url. */
export function newControlToken(): string {
  return randomBytes(32).toString('base64url')
}

/**
 * Writes the file, readable by this system user alone. It is valid until the process ends: each start makes a new
 * token.
 */
export async function writeControlFile(dataDir: string, control: Control): Promise<void> {
  const draft = `${controlFile(dataDir)}.draft`
  await writeFile(draft, `${JSON.stringify(control)}\n`, { mode: 0o600 })
  await rename(draft, controlFile(dataDir))
}

/** Undefined when no process has written one. */
export async function readControlFile(dataDir: string): Promise<Control | undefined> {
  try {
    return JSON.parse(await readFile(controlFile(dataDir), 'utf8')) as Control
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Does nothing when there is none. */
export async function removeControlFile(dataDir: string): Promise<void> {
  await rm(controlFile(dataDir), { force: true })
}

function controlFile(dataDir: string): string {
  return join(dataDir, 'control.json')
}

/** Whether a key that came with a request is the operator's token. In constant time, whatever the lengths. */
export function isControlToken(token: string, key: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(token), digest(key))
}
