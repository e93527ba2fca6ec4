import type { FailureFacts, Verdict } from '../conclusion.ts'
import { areSaid, classify } from './classify.ts'
import type { TextRules } from './rules/rule.ts'

/** A line that quotes a server: it has a reply code where one belongs. */
const REPLY_LINE = /(?:^|[\s:;>("'=#[\]])[45]\d\d[ -](?:[45]\.\d|(?!\d))/
/** Phrases that software writes around a reason, whatever the reason is. */
const PHRASES_AROUND: readonly RegExp[] = [
  /rejected by the (?:server for the )?recipient(?:'s)? (?:domain|server|e-?mail server)/gi,
  /recipient(?:'s)? (?:e-?mail )?server (?:has )?rejected[^.\n]{0,40}/gi,
  /\bviruswall\b|antivirus for \w+/gi,
  // Footers that scanners add to everything that passes through them.
  /\b(?:has |have |was |been ){1,3}(?:virus )?(?:scanned|checked)\b[^\n]{0,300}|\bvirus[- ](?:free|scanned|checked)\b[^\n]{0,300}/gi,
  /\b(?:the information (?:contained )?in|this (?:e-?mail|message) (?:and any|is intended|may contain|contains confidential))[^\n]{0,1000}/gi,
  /recipient domain|the other (?:e-?mail )?(?:provider|server)|the error that the other server returned was/gi,
  /we recommend contacting[^.]{0,200}\./gi,
  /this is a permanent error(?:; i've given up)?|i've given up|giving up on \S{1,100}/gi,
  /(?:failed|failure|fatal errors?) permanently|permanent(?:ly)? (?:fatal errors?|failure|failed)/gi,
  /a list of\s+the affected recipients?[\s\S]{0,300}?numeric codes\.?/gi,
  /one or more of its recipients|to (?:the following|one or more) (?:recipients?|addresse?s?)(?:\(e?s\))?/gi,
  /please (?:do not|don't) (?:reply|resend)[^.\n]{0,200}/gi,
  /if you (?:do so|believe|think|feel|have any|still|need|are)[^.\n]{0,300}/gi,
  /you (?:can|may|might|should)[^.\n]{0,300}/gi,
  /for (?:further|more) (?:information|assistance|help|details|tips)[^.\n]{0,300}/gi,
  /please (?:check|try|contact|verify|correct|forward|send|include|see)[^.\n]{0,300}/gi,
]

/**
 * What a passage of a report says of a recipient. Server replies that it quotes are judged first, the words around them
 * only where no reply says why.
 */
export function classifyPassage(
  lines: readonly string[],
  rules?: readonly TextRules[] | undefined,
): Verdict & FailureFacts {
  const replies = quotedReplies(lines)
  const all = lines.join('\n')
  // The reporting software's own words may stand anywhere; what is stripped below could change what they seem to say.
  if (rules && areSaid(rules, all))
    return { ...classify({ said: all, rules }), ...(replies && factsOf(replies)) }
  const quoted = replies === '' ? undefined : classify({ said: replies, rules })
  if (quoted && quoted.class !== 'unknown') return quoted
  const around = PHRASES_AROUND.reduce(
    (text, phrase) => text.replace(phrase, ' '),
    lines.join('\n').slice(0, 16_000),
  )
  const whole = classify({ said: around, rules })
  return quoted
    ? { ...whole, diagnostic: quoted.diagnostic, replyCode: quoted.replyCode ?? whole.replyCode }
    : whole
}

function factsOf(said: string): FailureFacts {
  const { status, replyCode, diagnostic } = classify({ said })
  return { status, replyCode, diagnostic }
}

/** Lines with a reply and their continuation lines, up to an empty line. */
function quotedReplies(lines: readonly string[]): string {
  const quoted: string[] = []
  let isInside = false
  for (const line of lines) {
    const begins = REPLY_LINE.test(line)
    isInside = line.trim() !== '' && (begins || isInside)
    if (isInside) quoted.push(line.replace(/^\s*(?:<<<|>>>)\s*/, ''))
  }
  return quoted.join('\n')
}
