/** The codes of one failure. */
export interface FailureCodes {
  /** RFC 3463: the most telling one. */
  status: string | null
  /** RFC 5321. */
  replyCode: number | null
  isTemporary: boolean
}

/** Not part of a longer number, an IP address or a version. */
const STATUS = /(?<![\d.])[245]\.[0-7]\.\d{1,3}(?![.-]?\d)(?!\.[a-z])/g
/** A reply with its enhanced code, wherever it stands (RFC 2034). */
const REPLY_AND_STATUS = /(?<![\w.-])([45]\d\d)[ -]{1,3}[#(]{0,2}([45]\.[0-7]\.\d{1,3})(?![.-]?\d)/
/** A reply code where one belongs: at the beginning, or after what introduces a server's words. */
const REPLY =
  /(?:^|[:;>("'=[\]#]|<<<|\bsaid|\bcode|\berror|\bresponse|\breplied|\bwith|\breason|\bsmtp|\bcommand\)?) {0,2}([45]\d\d)(?=[ -]|$|[:;,")])(?![ -]?(?:bytes|kb|mb|seconds|messages|minutes|hours|days|recipients))/i
/** Statuses that say no more than that something went wrong. */
const VAGUE = /^[45]\.(?:0\.0|0\.\d|3\.0|5\.0)$/

/**
 * The codes in a diagnostic text, or else the one in the report's own field. Where they contradict each other, the text
 * is right.
 */
export function readCodes(text: string, reported: string | null): FailureCodes {
  const together = REPLY_AND_STATUS.exec(text)
  const replyCode = Number(together?.[1] ?? REPLY.exec(text)?.[1] ?? 0) || null
  const named = [...(together?.[2] ? [together[2]] : []), ...statusesIn(text)].filter(
    (code) => code[0] !== '2',
  )
  const said = named.find((code) => !VAGUE.test(code))
  const deciding = String(replyCode ?? named[0] ?? reported ?? '')
  const fits = reported !== null && reported[0] === deciding[0]
  const told = fits && !VAGUE.test(reported) ? reported : undefined
  return {
    status: said ?? told ?? named[0] ?? (fits ? reported : null),
    replyCode,
    // A 550 that calls itself 4.x.x, or the other way round: one of the two is a mistake, and waiting costs less.
    isTemporary: deciding.startsWith('4') || Boolean(replyCode && named[0]?.startsWith('4')),
  }
}

function statusesIn(text: string): string[] {
  return [...text.slice(0, 4_000).matchAll(STATUS)].map(([code]) => code)
}
