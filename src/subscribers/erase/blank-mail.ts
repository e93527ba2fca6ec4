/**
 * The parts of a conclusion that are in our own words; the rest are words of strangers, some of which a rule quotes.
 */
const OUR_WORDS = ['why', 'what', 'class', 'reason', 'rule', 'status', 'replyCode', 'format', 'list'] as const

/**
 * A mail that came in, as it is kept without the people whom it names: what became of it, and that its report has been
 * counted.
 */
export function blankMail(hash: string | null, detail: Record<string, unknown>) {
  const known = OUR_WORDS.flatMap((name) => (name in detail ? [[name, unquoted(detail[name])] as const] : []))
  return {
    address: hash,
    detail_json: JSON.stringify({ ...Object.fromEntries(known), erased: true }),
    mail_from: null,
    rcpt_to: null,
    client_address: null,
    raw: Buffer.alloc(0),
  }
}

function unquoted(word: unknown): unknown {
  return typeof word === 'string' ? word.replace(/“.*”/s, '“…”') : word
}
