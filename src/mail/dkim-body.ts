import { createHash, type Hash } from 'node:crypto'

const [TAB, LF, CR, SPACE] = [0x09, 0x0a, 0x0d, 0x20]
const CHUNK_BYTES = 65_536

const remembered = new WeakMap<Buffer, string>()

/**
 * SHA-256 over the relaxed body (RFC 6376 §3.4.4), base64: `bh=`. The same whether lines end in LF or CRLF. Remembered
 * for as long as the buffer lives, so its bytes must not change: the recipients of one body share one hash.
 */
export function bodyHash(body: Buffer): string {
  let hash = remembered.get(body)
  if (hash === undefined) {
    hash = hashRelaxed(body)
    remembered.set(body, hash)
  }
  return hash
}

/**
 * Blanks and line breaks are written only once something follows them, so those at the end of a line or of the body
 * never are.
 */
function hashRelaxed(body: Buffer): string {
  const hash = createHash('sha256')
  const out = new ChunkedHash(hash, Math.min(CHUNK_BYTES, body.length + 2))
  let at = 0
  for (;;) {
    const start = at
    at = endOfUnchanged(body, start)
    out.take(body, start, at)
    let breaks = 0
    let blank = false
    for (; at < body.length; at++) {
      const byte = body[at]
      if (byte === SPACE || byte === TAB) blank = true
      else if (byte === LF) {
        breaks++
        blank = false
      } else if (byte !== CR || body[at + 1] !== LF) break
    }
    if (at === body.length) break
    for (; breaks > 0; breaks--) out.putBreak()
    if (blank) out.put(SPACE)
    out.put(body[at++] as number)
  }
  if (!out.isEmpty) out.putBreak()
  return out.digest()
}

/** Up to where the bytes from `at` on stay as they are: words, with single blanks and single CRLFs between them. */
function endOfUnchanged(body: Buffer, at: number): number {
  // The loop looks up to two bytes ahead.
  const end = body.length - 2
  for (;;) {
    while (at < end && (body[at] as number) > SPACE) at++
    if (at >= end) return at
    const byte = body[at]
    if (byte === SPACE && (body[at + 1] as number) > SPACE) at += 2
    else if (byte === CR && body[at + 1] === LF && (body[at + 2] as number) > SPACE) at += 3
    else return at
  }
}

/** Gathers small pieces: a call of `update` costs more than hashing a line. */
class ChunkedHash {
  readonly #hash: Hash
  readonly #chunk: Buffer
  #filled = 0
  isEmpty = true

  constructor(hash: Hash, chunkBytes: number) {
    this.#hash = hash
    this.#chunk = Buffer.allocUnsafe(chunkBytes)
  }

  put(byte: number): void {
    if (this.#filled === this.#chunk.length) this.#flush()
    this.#chunk[this.#filled++] = byte
    this.isEmpty = false
  }

  putBreak(): void {
    this.put(CR)
    this.put(LF)
  }

  take(bytes: Buffer, start: number, end: number): void {
    if (start === end) return
    if (end - start > this.#chunk.length - this.#filled) this.#flush()
    if (end - start > this.#chunk.length) this.#hash.update(bytes.subarray(start, end))
    else this.#filled += bytes.copy(this.#chunk, this.#filled, start, end)
    this.isEmpty = false
  }

  digest(): string {
    this.#flush()
    return this.#hash.digest('base64')
  }

  #flush(): void {
    this.#hash.update(this.#chunk.subarray(0, this.#filled))
    this.#filled = 0
  }
}
