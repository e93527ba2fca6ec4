const CR = 0x0d
const LF = 0x0a

/**
 * The bytes as SMTP carries them: every bare CR and bare LF becomes CRLF (RFC 5321 §2.3.8). Done before anything is
 * read or signed: a relay would do it later, and break the signature or turn half a header into a new one. Returns the
 * same buffer when there is nothing to change.
 */
export function withCrlf(raw: Buffer): Buffer {
  if (!hasBareBreak(raw)) return raw
  let bare = 0
  for (let at = 0; at < raw.length; at++) if (isBareBreak(raw, at)) bare++
  const out = Buffer.allocUnsafe(raw.length + bare)
  let length = 0
  let copied = 0
  for (let at = 0; at < raw.length; at++) {
    if (!isBareBreak(raw, at)) continue
    length += raw.copy(out, length, copied, at)
    out[length++] = CR
    out[length++] = LF
    copied = at + 1
  }
  raw.copy(out, length, copied)
  return out
}

function isBareBreak(raw: Buffer, at: number): boolean {
  const byte = raw[at]
  return (byte === LF && raw[at - 1] !== CR) || (byte === CR && raw[at + 1] !== LF)
}

/** Searches for the two bytes, which is many times faster than looking at each byte. */
function hasBareBreak(raw: Buffer): boolean {
  let feeds = 0
  for (let at = raw.indexOf(LF); at !== -1; at = raw.indexOf(LF, at + 1)) {
    if (raw[at - 1] !== CR) return true
    feeds++
  }
  let returns = 0
  for (let at = raw.indexOf(CR); at !== -1; at = raw.indexOf(CR, at + 1)) returns++
  return returns !== feeds
}
