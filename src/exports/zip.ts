import { PassThrough, Readable, Writable } from 'node:stream'

/**
 * Windows Explorer opens only ZipCrypto, which whoever has part of the content can break; AES-256 takes 7-Zip or the
 * like.
 */
export type Encryption = 'zipcrypto' | 'aes-256'

export interface ZipLock {
  password: string
  encryption: Encryption
}

/**
 * A ZIP with one file in it, made while it is read: only what is under way is held. Sizes follow the content (APPNOTE
 * 4.3.9), which may exceed 4 GiB. Stops reading the content when its own reader goes away.
 */
export function zipped(content: Readable, fileName: string, lock: ZipLock | undefined): Readable {
  const zip = new PassThrough()
  writeZip(content, fileName, lock, zip).catch((error) => {
    content.destroy()
    zip.destroy(error)
  })
  return zip
}

async function writeZip(
  content: Readable,
  fileName: string,
  lock: ZipLock | undefined,
  zip: PassThrough,
): Promise<void> {
  // Loaded here because it is large and few processes ever write a ZIP.
  const { ZipWriter } = await import('@zip.js/zip.js')
  const writer = new ZipWriter(Writable.toWeb(zip), {
    // Node compresses on threads of its own.
    useWebWorkers: false,
    ...(lock && {
      password: lock.password,
      ...(lock.encryption === 'zipcrypto' ? { zipCrypto: true } : { encryptionStrength: 3 as const }),
    }),
  })
  await writer.add(fileName, Readable.toWeb(content) as ReadableStream<Uint8Array>)
  await writer.close()
}
