import { pipeline, Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { invalid } from '../kernel/domain-error.ts'
import type { FileFormat } from './records.ts'
import { type Encryption, type ZipLock, zipped } from './zip.ts'

export interface Packing {
  compress: 'none' | 'gzip' | 'zip'
  /** How a ZIP is encrypted where the service has a password; as the service's settings say unless given. */
  encryption?: Encryption | undefined
}

/** A file on its way to whoever asked for it. A reader that does not want the rest destroys `content`. */
export interface ExportFile {
  name: string
  /** Its media type. */
  type: string
  content: Readable
}

const TYPES = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson',
  gzip: 'application/gzip',
  zip: 'application/zip',
} as const

interface Contents extends Pick<Packing, 'compress'>, Pick<FileFormat, 'format'> {
  /** What it holds, such as `unsubscribes`. */
  title: string
  /** When it was asked for, and the zone in which its name says so. */
  at: { time: number; timeZone: string }
  lock: ZipLock | undefined
}

/**
 * How a file is to be encrypted: a ZIP always is where the service has a password. Throws DomainError `invalid-value`
 * when encryption is asked for and not possible.
 */
export function lockOf(
  { compress, encryption }: Packing,
  password: string | undefined,
  usual: Encryption = 'zipcrypto',
): ZipLock | undefined {
  if (encryption !== undefined && compress !== 'zip') throw invalid('encryption', 'only a zip is encrypted')
  if (password !== undefined) return { password, encryption: encryption ?? usual }
  if (encryption === undefined) return undefined
  throw invalid('encryption', 'the service has no export password to encrypt with')
}

/** Packs lines into a file that is named like `unsubscribes-20261121_093000.csv.gz`. */
export function toFile(
  lines: AsyncIterable<string>,
  { title, at, format, compress, lock }: Contents,
): ExportFile {
  const text = Readable.from(encoded(lines), { objectMode: false })
  const name = `${title}-${stamp(at)}`
  const inside = `${name}.${format}`
  if (compress === 'zip') {
    return { name: `${name}.zip`, type: TYPES.zip, content: zipped(text, inside, lock) }
  }
  if (compress === 'gzip') {
    return { name: `${inside}.gz`, type: TYPES.gzip, content: pipeline(text, createGzip(), () => {}) }
  }
  return { name: inside, type: TYPES[format], content: text }
}

async function* encoded(lines: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const some of lines) yield Buffer.from(some)
}

/** `20261121_093000`, as files of Customers Mail Cloud are named. */
function stamp({ time, timeZone }: { time: number; timeZone: string }): string {
  const moment = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(timeZone)
  return moment
    .toPlainDateTime()
    .toString({ smallestUnit: 'second' })
    .replaceAll(/[-:]/g, '')
    .replace('T', '_')
}
