import { textOfHtml } from '../../mail/html-text.ts'
import { isMessage, type MimePart, textOf, walkParts } from '../../mail/mime-tree.ts'

/** What a report says to people, apart from the mail that it returns. Lines end in LF. */
export interface ReportText {
  said: string
  /** What follows the words that introduce a returned mail; empty when there are none. */
  returned: string
}

const MOST_TEXT = 524_288

/** Lines after which the returned mail begins, and who writes them. */
const RETURNED: readonly (readonly [line: RegExp, source: string])[] = [
  [/^-{2,} Below this line is (?:a copy|the header)/i, 'qmail'],
  [
    /^-{3,} ?(?:This is a copy of (?:the|your) message|The header of the original message|The body of the message is)/i,
    'Exim, GMX',
  ],
  [
    /^\s*-{3,} ?(?:Original message|Original message headers?|Unsent message|Returned (?:message|mail)|Message (?:header|text|contents?|returned)|Header of|Undelivered message|Your (?:original )?message|Start of|Forwarded message|Email Headers|The original message|Received message|Copy of)/i,
    'Gmail, Sendmail, Lotus, many',
  ],
  [
    /^[-=*_ ]{3,} ?(?:original|returned|unsent|undelivered|rejected|bounced) (?:e?-?mail|message)(?: (?:header|text|follows|info)\S*)?/i,
    'many',
  ],
  [
    /^\s*(?:the )?(?:original|returned|undelivered|unsent|rejected) (?:e?-?mail |message |mail )?(?:headers? |text )?(?:(?:is|are) )?(?:included |attached |shown |)?(?:follows?|below|:\s*$)/i,
    'IMail, Exchange, SMTP32',
  ],
  [
    /^\s*(?:below|following|here) (?:this line )?(?:is|are|follows) (?:a copy of |the |your )(?:the |your )?(?:original|first|message|header|returned)/i,
    'OpenSMTPD',
  ],
  [
    /^(?:-+ ?)?(?:Message headers follow|Original message headers?|Header of original|RFC 822 header|Text of message|Message body follows|Message contents)/i,
    'DMA, Courier, Exchange',
  ],
  [/^-{4,}(?:original message|message header|original|元のメール|送信メール)/i, 'MFILTER'],
  [/^\s*[-=*]{2,} ?(?:元の(?:メール|メッセージ)|送信された(?:メール|メッセージ)|原文)/, 'Japanese providers'],
]
/** Two header fields in a row: a returned mail that nothing introduces. */
const HEAD_BEGINS =
  /^(?:Return-Path|Received|X-Original-To|Delivered-To|DKIM-Signature|Message-ID|MIME-Version):[^\n]{0,998}\n(?:[ \t][^\n]{0,998}\n){0,20}[A-Za-z][\w-]{1,60}: /im

/**
 * The text outside returned mails and machine-readable parts: the plain-text parts, or what the HTML says where there
 * are none.
 */
export function readReportText(mail: MimePart): ReportText {
  const parts = [...walkParts(mail, (part) => part === mail || !isMessage(part))].filter(isText)
  const plain = parts.filter(({ contentType }) => contentType.type !== 'text/html').map(textOf)
  const written = plain.some((text) => text.trim() !== '')
    ? plain.join('\n\n')
    : parts.map((part) => textOfHtml(textOf(part))).join('\n\n')
  return cut(written.slice(0, MOST_TEXT))
}

function isText({ contentType: { type }, parts }: MimePart): boolean {
  return parts.length === 0 && type.startsWith('text/') && !/\/rfc822-headers?$/.test(type)
}

function cut(text: string): ReportText {
  let at = 0
  for (const line of text.split('\n')) {
    const end = at + line.length + 1
    if (RETURNED.some(([pattern]) => pattern.test(line.slice(0, 200))))
      return { said: text.slice(0, at), returned: text.slice(end) }
    at = end
  }
  const head = HEAD_BEGINS.exec(text)
  return head
    ? { said: text.slice(0, head.index), returned: text.slice(head.index) }
    : { said: text, returned: '' }
}
