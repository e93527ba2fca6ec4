/** One SMTP reply: its code, the enhanced status (RFC 3463) when it names one, and the words that people read. */
export type SmtpReply = { code: number; enhanced?: string; text: string }

/** Code, `-` or a blank, enhanced status, words (RFC 5321 §4.2, RFC 2034 §4). */
const REPLY_LINE = /^([2-5]\d\d)(?:[ -](?:([245]\.\d{1,3}\.\d{1,3})(?=\s|$))?(.*))?$/

/**
 * Reads a reply of one or more lines; the words of its lines are joined by a blank. A line without a code, as in a
 * folded diagnostic, continues the text. Undefined when the first line is not a reply.
 */
export function parseSmtpReply(reply: string): SmtpReply | undefined {
  const lines = reply.trim().split(/\r\n|\r|\n/)
  const first = REPLY_LINE.exec(lines[0] ?? '')
  if (first === null) return undefined

  const [, code, enhanced] = first
  const words = lines.map((line) => {
    const match = REPLY_LINE.exec(line)
    return (match === null ? line : (match[3] ?? '')).trim()
  })
  const text = words.filter((line) => line !== '').join(' ')
  return { code: Number(code), ...(enhanced === undefined ? {} : { enhanced }), text }
}
