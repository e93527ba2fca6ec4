import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

export const MANIFEST_FILE = 'manifest.json'
export const TABLES_FILE = 'tables.ndjson.gz'
export const KEYS_FILE = 'secret-keys.json'

/** Increased whenever an older release could not read what this one writes. */
export const FORMAT_VERSION = 1

const MANIFEST = z.object({
  format: z.literal('kaijo-backup'),
  version: z.literal(FORMAT_VERSION, `this release reads version ${FORMAT_VERSION}`),
  /** The newest migration that the database had. */
  schema: z.int(),
  engine: z.enum(['sqlite', 'postgres']),
  /** ISO 8601, UTC. */
  time: z.iso.datetime(),
  /** Rows by table. */
  tables: z.record(z.string(), z.int()),
  /** SHA-256 in hex by file. */
  sha256: z.record(z.string(), z.string()),
  /**
   * The keys without which the links in sent mail cannot be opened: their ids, and whether the backup includes them.
   */
  keys: z.object({ ids: z.array(z.string()), included: z.boolean() }),
})

/** What a backup holds. Written last: a directory without it is no backup. */
export type Manifest = z.infer<typeof MANIFEST>

/** The backup, or the database that it is to be restored into, is not fit for that. The message says what to do. */
export class RestoreRefused extends Error {
  override readonly name = 'RestoreRefused'
}

/** Reads the manifest and compares each file with its checksum. Throws RestoreRefused. */
export async function readManifest(directory: string): Promise<Manifest> {
  const manifest = parse(directory, await readText(directory))
  for (const [file, expected] of Object.entries(manifest.sha256)) {
    const found = await sha256Of(join(directory, file))
    if (found !== expected) {
      throw new RestoreRefused(`${join(directory, file)} is ${found ? 'not as it was written' : 'missing'}`)
    }
  }
  return manifest
}

async function readText(directory: string): Promise<string> {
  try {
    return await readFile(join(directory, MANIFEST_FILE), 'utf8')
  } catch (cause) {
    throw new RestoreRefused(`${directory} is not a backup: it has no ${MANIFEST_FILE} that can be read`, {
      cause,
    })
  }
}

function parse(directory: string, text: string): Manifest {
  const file = join(directory, MANIFEST_FILE)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new RestoreRefused(`${file} is not JSON`, { cause })
  }
  const result = MANIFEST.safeParse(json)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new RestoreRefused(`${file}: ${issue?.path.join('.')}: ${issue?.message}`)
}

async function sha256Of(file: string): Promise<string | undefined> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(file)) hash.update(chunk)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  return hash.digest('hex')
}
