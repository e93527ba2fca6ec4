import { isAscii, isUtf8 } from 'node:buffer'
import { type Extensions, mostOctets } from './ehlo.ts'
import type { SmtpReply } from './smtp-reply.ts'

/** What a message asks of the server that is to take it. */
export interface SmtpNeeds {
  /**
   * What needs SMTPUTF8 (RFC 6531): an address beyond ASCII, or a header beyond ASCII in a message declared as
   * internationalised. Other raw bytes in a header go as plain 8-bit bytes: to declare them would have the message
   * refused further on, where it used to be accepted.
   */
  utf8: 'address' | 'header' | undefined
  /** Bytes beyond ASCII anywhere in the message, which have to be announced (RFC 6152 §3). */
  eightBit: boolean
  /** Such bytes in the body, which SMTPUTF8 does not cover. */
  eightBitBody: boolean
  /** Its octets with all line ends, dots not doubled (RFC 1870 §5). */
  octets: number
}

/**
 * `raw` is a whole message whose lines end in CRLF; the paths are as `smtpPath` writes them; `declared` as
 * internationalised.
 */
export function smtpNeeds(
  { from, to, declared = false }: { from: string; to: string; declared?: boolean | undefined },
  raw: Buffer,
): SmtpNeeds {
  const eightBit = !isAscii(raw)
  const end = eightBit ? headEnd(raw) : 0
  const head = raw.subarray(0, end)
  const utf8Header = declared && !isAscii(head) && isUtf8(head)
  const utf8Address = /\P{ASCII}/u.test(from + to)
  return {
    utf8: utf8Address ? 'address' : utf8Header ? 'header' : undefined,
    eightBit,
    eightBitBody: eightBit && !(utf8Header && isAscii(raw.subarray(end))),
    octets: raw.length,
  }
}

/**
 * The reply with which the server would refuse the message for lack of an extension; undefined when it has all that are
 * needed. Nothing is re-encoded for a server that offers less: signatures would break.
 */
export function lacking(offers: Extensions, needs: SmtpNeeds): SmtpReply | undefined {
  const most = mostOctets(offers)
  if (needs.utf8 && !offers.has('SMTPUTF8')) {
    // RFC 6531 §3.5.
    return {
      code: needs.utf8 === 'address' ? 553 : 550,
      enhanced: '5.6.7',
      text: `not sent: the ${needs.utf8} is not ASCII, and the relay does not offer SMTPUTF8`,
    }
  }
  if (needs.eightBitBody && !offers.has('8BITMIME')) {
    return {
      code: 554,
      enhanced: '5.6.3',
      text: 'not sent: it has 8-bit bytes, and the relay does not offer 8BITMIME',
    }
  }
  if (needs.octets > most) {
    return {
      code: 552,
      enhanced: '5.3.4',
      text: `not sent: ${needs.octets} octets, and the relay takes ${most}`,
    }
  }
  return undefined
}

/** The parameters of MAIL that the server knows, each with a blank in front. */
export function mailParameters(offers: Extensions, needs: SmtpNeeds): string {
  const utf8 = needs.utf8 ? ' SMTPUTF8' : ''
  const body = needs.eightBit && offers.has('8BITMIME') ? ' BODY=8BITMIME' : ''
  const size = offers.has('SIZE') ? ` SIZE=${needs.octets}` : ''
  return utf8 + body + size
}

/** Where the header ends: a message may begin with the empty line, or have none. */
function headEnd(raw: Buffer): number {
  if (raw[0] === 0x0d && raw[1] === 0x0a) return 0
  const end = raw.indexOf('\r\n\r\n')
  return end < 0 ? raw.length : end
}
