import { openLocalPart, sealLocalPart } from './sealed-local-part.ts'

/** What a Feedback-ID says about one message. */
export interface FeedbackIdOf {
  deliveryId: number
  serviceId: number
  /** 0 to 255. */
  bucket: number
  /** A safe integer. */
  messageId: number
  /** The SenderId: 5 to 15 characters that stand for the sending system as a whole. */
  sender: string
}

const PREFIX = 'f'
/** Distinguishes the payload from those of addresses, which are also shorter. */
const KIND = 1
const ID_BYTES = 7
const PAYLOAD_BYTES = 2 + ID_BYTES
/** A local part as sealed-local-part.ts makes it from a payload of this length. */
const TOKEN = /(?<![a-z0-9-])f-[a-z2-7]{23}(?![a-z0-9-])/gi
const MOST_TOKENS = 20

/**
 * The value of a Feedback-ID in Gmail's form `a:b:c:SenderId`: the delivery, the service, and, sealed, which message it
 * is. Gmail counts complaints by each of the four; nothing in it tells who the recipient is.
 */
export function makeFeedbackId(
  { deliveryId, serviceId, bucket, messageId, sender }: FeedbackIdOf,
  key: Buffer,
): string {
  const bytes = Buffer.alloc(PAYLOAD_BYTES)
  bytes.writeUInt8(KIND, 0)
  bytes.writeUInt8(bucket, 1)
  bytes.writeUInt8(Math.floor(messageId / 2 ** 48), 2)
  bytes.writeUIntBE(messageId % 2 ** 48, 3, ID_BYTES - 1)
  return `d${deliveryId}:s${serviceId}:${sealLocalPart(PREFIX, bytes, key)}:${sender}`
}

/** Everything in a text that has the form of our sealed part, without duplicates. */
export function findFeedbackTokens(text: string): string[] {
  const found = new Set<string>()
  for (const [token] of text.matchAll(TOKEN)) {
    if (found.size >= MOST_TOKENS) break
    found.add(token.toLowerCase())
  }
  return [...found]
}

/** The message that a sealed part stands for; undefined when none of the keys made it. */
export function readFeedbackToken(
  token: string,
  keys: Iterable<Buffer>,
): { bucket: number; messageId: number } | undefined {
  const bytes = openLocalPart(PREFIX, PAYLOAD_BYTES, token, keys)
  if (bytes?.readUInt8(0) !== KIND) return undefined
  return {
    bucket: bytes.readUInt8(1),
    messageId: bytes.readUInt8(2) * 2 ** 48 + bytes.readUIntBE(3, ID_BYTES - 1),
  }
}
