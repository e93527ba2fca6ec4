import { closeSync, openSync, readSync } from 'node:fs'

const BYTES_PER_READ = 256 * 1_024

/**
 * The bytes of a file, a part at a time, each valid until the next one is asked for. Blocks, so it is for a thread of
 * its own.
 */
export function* readParts(file: string): Generator<Buffer> {
  const descriptor = openSync(file, 'r')
  const buffer = Buffer.allocUnsafe(BYTES_PER_READ)
  try {
    for (;;) {
      const count = readSync(descriptor, buffer)
      if (count === 0) return
      yield buffer.subarray(0, count)
    }
  } finally {
    closeSync(descriptor)
  }
}
