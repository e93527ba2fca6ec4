import { parseSmtpReply, type SmtpReply } from '../../mail/smtp-reply.ts'

/**
 * What became of one message at a relay. Refusals and deferrals tell whether they were about the recipient.
 * `unreachable` means that nothing was said about the message: no connection, greeting, TLS or sign-in. `withdrawn`
 * means that it was not to be sent any more when its turn came.
 */
export type RelayAnswer =
  | { kind: 'accepted'; reply: string }
  | { kind: 'deferred'; reply: string; aboutRecipient?: boolean }
  | { kind: 'unreachable'; reply: string }
  | { kind: 'withdrawn' }
  | { kind: 'refused'; reply: SmtpReply; aboutRecipient: boolean }

const MOST_REPLY_CHARACTERS = 1_000
const ORDINARY = /^[ -~]{1,1000}$/
/** Server not available, and bad sequence of commands (RFC 5321 §4.2.3): about the session, whatever was asked. */
const OF_SESSION = new Set([421, 503])
/** Sign in first, or encrypt first (RFC 4954 §6, RFC 3207 §4): no message would fare better. */
const NOT_LET_IN = new Set([530, 538])

/** Whether a reply is what the protocol waits for: of the 2xx, or after DATA of the 3xx (RFC 5321 §4.3.2). */
export function isPositive(reply: string, wanted: '2' | '3'): boolean {
  return reply.startsWith(wanted) && /^\d\d\d(?:[ -]|$)/.test(reply)
}

/**
 * What any other reply means for the message. Only a 5xx is final; nonsense says nothing about the message, which is
 * tried again. `inStep` is false when the reply leaves the state of the connection in doubt.
 */
export function judgeRefusal(
  reply: string,
  { aboutRecipient }: { aboutRecipient: boolean },
): { answer: RelayAnswer; inStep: boolean } {
  const parsed = parseSmtpReply(reply)
  const said = printable(reply)
  if (!parsed || parsed.code < 400 || OF_SESSION.has(parsed.code)) {
    return { answer: deferred(said), inStep: false }
  }
  if (NOT_LET_IN.has(parsed.code)) {
    // After an accepted MAIL it concerns one recipient, whom no other has to wait for.
    return aboutRecipient
      ? { answer: deferred(said), inStep: true }
      : { answer: { kind: 'unreachable', reply: said }, inStep: false }
  }
  if (parsed.code < 500) return { answer: { ...deferred(said), aboutRecipient }, inStep: true }
  const text = printable(parsed.text)
  return { answer: { kind: 'refused', reply: { ...parsed, text }, aboutRecipient }, inStep: true }
}

/** To be tried again; `said` is what there is in place of a readable reply. */
export function deferred(said: string): Extract<RelayAnswer, { kind: 'deferred' }> {
  return { kind: 'deferred', reply: said || 'the relay answered an empty line' }
}

/** What a stranger said as one line that every database can store. */
export function printable(text: string): string {
  if (ORDINARY.test(text)) return text.trim()
  return text
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, MOST_REPLY_CHARACTERS)
    .toWellFormed()
    .trim()
}
