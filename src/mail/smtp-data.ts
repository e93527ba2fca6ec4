const DOT = 0x2e
const STUFFING = Buffer.from('.')
const END = Buffer.from('.\r\n')
const END_OF_OPEN_LINE = Buffer.from('\r\n.\r\n')

/**
 * A message as it follows DATA, the final dot included: a dot at the beginning of a line is doubled (RFC 5321 §4.5.2).
 * Its lines end in CRLF (`withCrlf`); a missing last line end is added. Nearly every message has no such dot, and is
 * not copied.
 */
export function toSmtpData(raw: Buffer): Buffer[] {
  const chunks: Buffer[] = []
  let copied = 0
  for (let dot = raw[0] === DOT ? 0 : nextDot(raw, 0); dot >= 0; dot = nextDot(raw, dot)) {
    chunks.push(raw.subarray(copied, dot), STUFFING)
    copied = dot
  }
  const rest = raw.subarray(copied)
  const ended = raw.length === 0 || raw.at(-1) === 0x0a
  return [
    ...(chunks.length === 0 ? [rest] : [Buffer.concat([...chunks, rest])]),
    ended ? END : END_OF_OPEN_LINE,
  ]
}

/** The next dot at the beginning of a line. */
function nextDot(raw: Buffer, from: number): number {
  const lineEnd = raw.indexOf('\n.', from)
  return lineEnd < 0 ? -1 : lineEnd + 1
}
