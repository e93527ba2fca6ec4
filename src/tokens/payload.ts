/** The content of a link: whom it concerns, when its mail was made, and which mail that was. */
export interface TokenContent {
  /** The address as given, never its key. */
  recipient: string
  /** UTC epoch milliseconds. */
  mintedAt: number
  message: MessageReference | null
}

/**
 * One of our mails by its row, from which its Message-ID follows, or somebody else's by its Message-ID. The domain is
 * left empty when it is that of the list's sender, to keep links short.
 */
export type MessageReference =
  | { kind: 'ours'; deliveryId: number; bucket: number; id: number; domain: string }
  | { kind: 'foreign'; messageId: string }

const REFERENCE = { none: 0, ours: 1, foreign: 2 } as const
const TIME_BYTES = 6

/**
 * The sealed part of a token: kind of reference (1 byte), time (6 bytes, milliseconds), the reference, and the
 * recipient in UTF-8 up to the end. Kept small, so that the URL makes a header line of not much more than 78
 * characters.
 */
export function writePayload({ recipient, mintedAt, message }: TokenContent): Buffer {
  const time = Buffer.alloc(TIME_BYTES)
  time.writeUIntBE(mintedAt, 0, TIME_BYTES)
  const kind = Buffer.from([REFERENCE[message?.kind ?? 'none']])
  return Buffer.concat([kind, time, ...writeReference(message), Buffer.from(recipient)])
}

/** The reverse of `writePayload`, only for what was sealed and so is ours: anything else throws or is misread. */
export function readPayload(payload: Buffer): TokenContent {
  const mintedAt = payload.readUIntBE(1, TIME_BYTES)
  const reader = new PayloadReader(payload, 1 + TIME_BYTES)
  const message = readReference(payload[0] ?? 0, reader)
  return { mintedAt, message, recipient: reader.rest() }
}

/** The Message-ID of a mail of ours, without brackets. It contains the delivery id, as in arara's API v1. */
export function composedMessageId(deliveryId: number, id: number, domain: string): string {
  return `${deliveryId}.${id}@${domain}`
}

function writeReference(message: MessageReference | null): Buffer[] {
  if (!message) return []
  if (message.kind === 'foreign') return [text(message.messageId)]
  return [varint(message.deliveryId), varint(message.bucket), varint(message.id), text(message.domain)]
}

function readReference(kind: number, reader: PayloadReader): MessageReference | null {
  if (kind === REFERENCE.none) return null
  if (kind === REFERENCE.foreign) return { kind: 'foreign', messageId: reader.text() }
  if (kind !== REFERENCE.ours) throw new RangeError('unknown reference')
  return {
    kind: 'ours',
    deliveryId: reader.varint(),
    bucket: reader.varint(),
    id: reader.varint(),
    domain: reader.text(),
  }
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) + 0x80)
    rest = Math.floor(rest / 0x80)
  }
  return Buffer.from([...bytes, rest])
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([varint(bytes.length), bytes])
}

class PayloadReader {
  readonly #bytes: Buffer
  #at: number

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes
    this.#at = at
  }

  varint(): number {
    let value = 0
    for (let factor = 1; ; factor *= 0x80) {
      const byte = this.#bytes[this.#at++] ?? 0
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
    }
  }

  text(): string {
    const length = this.varint()
    const from = this.#at
    this.#at += length
    return this.#bytes.toString('utf8', from, this.#at)
  }

  rest(): string {
    return this.#bytes.toString('utf8', this.#at)
  }
}
