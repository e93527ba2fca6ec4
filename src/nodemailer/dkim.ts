import { dataOf, type Mail } from './mail.ts'

const PAIR = ['List-Unsubscribe', 'List-Unsubscribe-Post']

/** What a signature covers where it is present (RFC 6376 §5.4.1). */
const SIGNED_FIELDS = [
  ...['From', 'Sender', 'Reply-To', 'To', 'Cc', 'Subject', 'Date', 'Message-ID', 'In-Reply-To', 'References'],
  ...['MIME-Version', 'Content-Type', 'Content-Transfer-Encoding', 'Feedback-ID'],
  ...['List-Id', 'List-Help', 'List-Subscribe', 'List-Post', 'List-Owner', 'List-Archive'],
]

/**
 * Has nodemailer sign both headers, as RFC 8058 §4 wants it, when nodemailer signs this mail. Its own choice leaves out
 * List-Unsubscribe-Post.
 */
export function signPair(mail: Mail): void {
  const data = dataOf(mail)
  const dkim = data.dkim ?? mail.mailer.options?.dkim
  if (!dkim) return
  const names = dkim.headerFieldNames?.split(':') ?? SIGNED_FIELDS
  data.dkim = { ...dkim, headerFieldNames: [...new Set([...names, ...PAIR])].join(':') }
}
