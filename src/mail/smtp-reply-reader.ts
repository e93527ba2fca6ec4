import { isUtf8 } from 'node:buffer'

/** Far more than any server says; what goes on and on is cut off. */
const MOST_CHARACTERS = 65_536
const CONTINUES = /^\d{3}-/

/** Cuts what a server says into its replies of one or more lines (RFC 5321 §4.2.1). A line without a code ends one too. */
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

/** In UTF-8 where it is that, otherwise a character a byte. */
function decode(reply: string): string {
  if (!/\P{ASCII}/u.test(reply)) return reply
  const bytes = Buffer.from(reply, 'latin1')
  return isUtf8(bytes) ? bytes.toString('utf8') : reply
}
