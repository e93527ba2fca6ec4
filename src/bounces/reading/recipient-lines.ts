import { type Address, parseAddress } from '../../kernel/address.ts'

/** Where a line names a recipient whom a mail did not reach. */
export interface RecipientLine {
  /** Index of the line. */
  line: number
  address: string
  key: string
  /** What follows the address. */
  rest: string
}

const LONGEST = 1_000
const MOST_RECIPIENTS = 1_000
const ADDRESS = String.raw`((?:"[^"\s]{1,64}"|[^\s<>()\[\]"',;:@：；，、。（）「」【】]{1,64})@[^\s<>()\[\]"',;:@：；，、。（）「」【】]{1,253})`

/** The kinds of lines, the most certain first; only lines of the first kind that occurs are used. */
const KINDS: readonly RegExp[][] = [
  [
    // Alone on its line, in brackets or quotes, with or without a colon.
    String.raw`^\s*(?:[*>•・-]{1,4}\s*)?["'<(\[]{0,2}ADDR[>"')\]]{0,2}\s*()[:;.]?\s*$`,
    String.raw`^\s*[^<>@:]{1,100}<ADDR>\s*()[:;.]?\s*$`,
    // At the beginning, and separated from what is said of it.
    String.raw`^\s*(?:[*>-]{1,4}\s*)?[<"']?ADDR[>"']?\s*(?::|\.\.\.|\[|\(|,| - |=>|\s--\s)(.*)$`,
    String.raw`^\s*[<"']?ADDR[>"']?\s+(?=\S)((?:5\d\d|#5|user|unknown|no|invalid|not|mailbox|host|does|is|on)\b.*)$`,
  ],
  [
    String.raw`^\s*(?:Final-Recipient|Original-Recipient|Failed Recipient|Recipient(?: address)?|Recipients?|Error-for|Addressed To|To|Address|E-?mail(?: address)?|User|(?:宛先|宛て先|送信先|送付先)(?:の)?(?:メール)?(?:アドレス)?|收件人|받는 ?사람|수신자|Получатель|Empf(?:ä|ae)nger|Destinataire|Destinatario|Destinat[aá]rio|Odbiorca|Ontvanger|Mottagare)\s*[:=：】]\s*(?:rfc822;\s*)?(?:[^<>@]{0,100}<)?ADDR>?(.*)$`,
    String.raw`\b(?:deliver(?:ed|ing|y)?|reach|sent|send|messages?|mail)\b.{0,60}\b(?:to|mail|message|for)\b:? {0,3}[<'"(]?ADDR[>'")]?(.*)$`,
    '(?:^|[^@A-Za-z0-9._+-])[「『<（(【]? {0,2}ADDR {0,2}[」』>）)】]? {0,2}(?:さん|様|氏)? {0,2}(?:宛|あて|への?|に(?!ご|お|連絡|問)|は|が|という)(.*)$',
    '(?:宛先|送信先|アドレス|あて先)[^@]{0,20}?[「『<（(【]? {0,2}ADDR {0,2}[」』>）)】]?(.*)$',
    String.raw`\baddressed to:? {0,3}[<'"(]?ADDR[>'")]?(.*)$`,
    String.raw`\b(?:unknown|invalid|no such|undeliverable|failed|failure|user|recipient|mailbox|address|account)\b[^@<>]{0,60}[:( <'"]ADDR[>'")]?(.*)$`,
  ],
  ['RCPT TO: {0,3}<?ADDR>?(.*)$', String.raw`[45]\d\d[ -].{0,200}[< (]ADDR[> ).,;:]?(.*)$`],
].map((kind) =>
  kind.map(
    (source) =>
      new RegExp(
        source.replace('ADDR', () => ADDRESS),
        'i',
      ),
  ),
)
/** Lines about somebody else. */
const OTHERS =
  /^\s*(?:From|Sender|Reply-To|Return-Path|Cc|Bcc|Message-ID|Subject|MAIL FROM|Errors-To|差出人|送信者)\s*[:：]|MAIL FROM:/i
const MACHINES = /^(?:mailer-daemon|postmaster|abuse|no-?reply|do-?not-?reply)@/i
/** Addresses that prose tells the reader to turn to. */
const HELPERS =
  /^(?:help|help-?desk|service-?desk|support|it-?support|contact|hotline|customer-?(?:service|care|support)|admin|administrator|sysadmin|systems?|webmaster|hostmaster|mailadmin|mail-?support|noc|security|it|edv|feedback|unblock|delist|removals?|whitelist|postmaster-\S{1,30}|\S{1,30}-(?:abuse|support|helpdesk))@/i

/**
 * The lines of a report that name its recipients: by the patterns of its format if it has any and one of them fits, and
 * otherwise by what most reports look like. `isOther` recognises addresses of the sender or the reporter, `isWanted`
 * those to whom the mail is known to have been sent. Addresses that prose refers the reader to count as recipients only
 * if `isWanted` says so.
 */
export function findRecipientLines(
  lines: readonly string[],
  own: readonly RegExp[],
  isOther: (address: Address) => boolean,
  isWanted: (address: Address) => boolean,
): RecipientLine[] {
  const isHelper = (address: Address) => HELPERS.test(address.address) && !isWanted(address)
  for (const kind of own.length > 0 ? [own, ...KINDS] : KINDS) {
    const isProse = kind === KINDS[1] || kind === KINDS[2]
    const found = linesOfKind(lines, kind, (each) => isOther(each) || (isProse && isHelper(each)))
    if (found.length > 0) return found
  }
  return []
}

/**
 * Japanese puts no space between an address and the words around it; other texts put so many that patterns would try
 * each.
 */
function spaced(whole: string): string {
  const line = whole.replace(/\s{3,}/g, '  ')
  if (!/[^\x00-\x7f]/.test(line)) return line
  return line
    .replace(/(?<=[^\x00-\x7f])(?=[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9])/g, ' ')
    .replace(/(@[A-Za-z0-9-][A-Za-z0-9.-]{0,253})(?=[^\x00-\x7f])/g, '$1 ')
}

function linesOfKind(
  lines: readonly string[],
  patterns: readonly RegExp[],
  isOther: (address: Address) => boolean,
): RecipientLine[] {
  const found: RecipientLine[] = []
  for (const [line, whole] of lines.entries()) {
    const text = spaced(whole.slice(0, LONGEST))
    if (found.length >= MOST_RECIPIENTS || !text.includes('@') || OTHERS.test(text)) continue
    for (const pattern of patterns) {
      const [, named = '', rest = ''] = pattern.exec(text) ?? []
      const address = parseAddress(named.replace(/[.>]+$/, ''))
      if (!address || isOther(address) || MACHINES.test(address.address)) continue
      found.push({ line, address: address.address, key: address.key, rest })
      break
    }
  }
  return found
}
