import { SMTPConnection } from 'smtp-server/lib/smtp-connection'
import { isLoopback } from '../../config/host.ts'
import { readPathCommand } from './path-command.ts'

const MOST_WRONG_SIGN_INS = 3
/** A reply line is at most 512 octets, code and CRLF included (RFC 5321 §4.5.3.1.5). */
const MOST_TEXT = 500
const ENHANCED = /^[245]\.\d{1,3}\.\d{1,3} /
const NOT_PRINTABLE_ASCII = /[^ -~]/gu

/** What smtp-server says when it stops, and to early and late clients. */
const STOPPING = '4.3.2 the server is being stopped; connect again later'
const BROKEN_OFF = '4.4.2 the message was not complete'
const TOO_MANY_SIGN_INS = '4.7.0 too many wrong sign-ins on one connection'

/**
 * One client, where it differs from how smtp-server treats it: TLS comes before credentials, except on loopback; paths
 * are read by our own rules; every reply has the enhanced status code that its text begins with; a client that has
 * closed its side is answered to the end.
 */
export class Connection extends SMTPConnection {
  #wrongSignIns = 0

  /** Credentials and mail go in clear text only where nobody can listen. */
  get #isPrivate(): boolean {
    return this.secure || isLoopback(this.remoteAddress)
  }

  /** Dismisses a client for whom nothing is under way. RFC 5321 §3.8: 421 may come at any time. */
  dismiss(): void {
    if (!this._dataStream && !this._handlerPending) this.send(421)
  }

  /**
   * Like the original, but each text may bring its own enhanced status code, and is written as long as the client reads:
   * one that has closed its own side waits for its answer all the same.
   */
  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    if (code === 535) this.#wrongSignIns++
    const lines = this.#wording(code, data)
    const [first = ''] = lines
    const enhanced = ENHANCED.test(first) ? '' : this._getEnhancedStatusCode(code, context)
    const text = lines.map((line) => printable(enhanced ? `${enhanced} ${line}` : line))
    const reply = text
      .map((line, index) => `${code}${index < text.length - 1 ? '-' : ' '}${line}\r\n`)
      .join('')
    // Nothing may be written into a TLS handshake.
    if (!this._upgrading && this._socket.writable) this.#write(reply)
    if (code === 421) this.close()
    else if (this._server._closeTimeout && code !== 334 && code !== 354) setImmediate(() => this.dismiss())
  }

  /** Replies to commands that came together leave together (RFC 2920 §3.2). */
  #write(reply: string): void {
    const socket = this._socket
    socket.cork()
    socket.write(reply)
    process.nextTick(() => socket.uncork())
  }

  #wording(code: number, data: string | string[] | null | undefined): string[] {
    if (Array.isArray(data)) return this.#isPrivate ? data : data.filter((line) => !line.startsWith('AUTH '))
    if (code === 421 && this._server._closeTimeout) return [STOPPING]
    if (code !== 530) return [data ?? '']
    return [this.#isPrivate ? '5.7.0 authentication is required' : '5.7.0 issue STARTTLS first']
  }

  override handler_AUTH(command: Buffer, callback: () => void): void {
    if (!this.#isPrivate) this.send(530)
    else if (this.#wrongSignIns >= MOST_WRONG_SIGN_INS) this.send(421, TOO_MANY_SIGN_INS)
    else {
      super.handler_AUTH(command, callback)
      return
    }
    callback()
  }

  override _parseAddressCommand(
    name: string,
    command: Buffer | string,
  ): ReturnType<SMTPConnection['_parseAddressCommand']> {
    const path = readPathCommand(name, Buffer.from(command))
    const parsed = path && super._parseAddressCommand(name, `${name}:<> ${path.parameters}`)
    return parsed ? { ...parsed, address: path.address } : false
  }

  override _createParser(): ReturnType<SMTPConnection['_createParser']> {
    const parser = super._createParser()
    // The client has closed its side, and everything that came before has been answered.
    parser.on('finish', () => {
      if (this._parser !== parser) return
      if (parser._dataMode) this.send(421, BROKEN_OFF)
      else this.close()
    })
    return parser
  }
}

/** The text may hold others' words: makes it free of control characters and no longer than a line takes. */
function printable(text: string): string {
  return text
    .slice(0, MOST_TEXT)
    .replace(
      NOT_PRINTABLE_ASCII,
      (character) => `\\x{${character.codePointAt(0)?.toString(16).toUpperCase()}}`,
    )
    .slice(0, MOST_TEXT)
}
