import { decoderOf } from './encoding.ts'

/** Decodes a file as it comes, once. */
export interface TracingDecoder {
  /** As the Encoding Standard calls it. */
  readonly encoding: string
  /** The text of the next bytes, or what is left at the end. Throws BadByte. */
  decode(bytes?: Buffer): string
}

/** A byte that is invalid in the encoding, or the last one where the file ends within a character. */
export class BadByte extends Error {
  /** Its position in the file, counted from 1. */
  readonly position: number
  /** The text before it, of the bytes that were given last. */
  readonly textBefore: string

  constructor(position: number, textBefore: string) {
    super(`byte ${position} is invalid in the encoding`)
    this.position = position
    this.textBefore = textBefore
  }
}

/**
 * Tells which byte is invalid though nothing can be looked at again. A decoder that has failed does not tell: a second
 * one stays as far behind as the bytes that were given last, and then takes them one by one. Throws RangeError for what
 * is no label of the Encoding Standard.
 */
export function tracingDecoder(label: string): TracingDecoder {
  const decoder = decoderOf(label)
  const behind = decoderOf(label)
  let done = 0
  return {
    encoding: decoder.encoding,
    decode: (bytes) => {
      try {
        const text = bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode()
        behind.decode(bytes, { stream: true })
        done += bytes?.length ?? 0
        return text
      } catch {
        return trace(behind, bytes ?? Buffer.alloc(0), done)
      }
    },
  }
}

function trace(decoder: TextDecoder, bytes: Buffer, done: number): never {
  let text = ''
  let at = done
  try {
    for (const byte of bytes) {
      text += decoder.decode(Uint8Array.of(byte), { stream: true })
      at++
    }
  } catch {
    throw new BadByte(at + 1, text)
  }
  throw new BadByte(at, text)
}
