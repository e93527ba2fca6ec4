import { isUtf8 } from 'node:buffer'

/** Far more than any server says; a reply that goes on and on is cut off. */
const MOST_CHARACTERS = 65_536
const CONTINUES = /^\d{3}-/

/**
 * Splits what a server says into replies of one or more lines (RFC 5321 §4.2.1). A line without a code also ends a
 * reply.
 */
export class SmtpReplyReader {
  #line = ''
  #reply = ''

  /** True between replies. */
  get isEmpty(): boolean {
    return this.#line === '' && this.#reply === ''
  }

  /** The replies that these bytes complete, without their last line end. Throws RangeError when one does not end. */
  read(chunk: Buffer): string[] {
    const lines = (this.#line + chunk.toString('latin1')).split('\n')
    this.#line = lines.pop() ?? ''
    const replies: string[] = []
    for (const line of lines) {
      this.#reply += line
      if (CONTINUES.test(line)) {
        this.#reply += '\n'
      } else {
        replies.push(decode(this.#reply.replace(/\r$/, '')))
        this.#reply = ''
      }
    }
    if (this.#line.length + this.#reply.length > MOST_CHARACTERS) throw new RangeError('a reply without end')
    return replies
  }
}

/** As UTF-8 if it is valid, otherwise one character per byte. */
function decode(reply: string): string {
  if (!/\P{ASCII}/u.test(reply)) return reply
  const bytes = Buffer.from(reply, 'latin1')
  return isUtf8(bytes) ? bytes.toString('utf8') : reply
}
