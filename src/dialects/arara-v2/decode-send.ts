import { DomainError, invalid } from '../../kernel/domain-error.ts'
import { mistakesOf, refuseIfAny } from '../../kernel/mistakes.ts'
import type { MailCharset } from '../../mail/japanese-charset.ts'
import { mailboxesOf } from '../../mail/mailbox-list.ts'
import { decodeMinute } from './decode.ts'
import type { SendRequest } from './parts.ts'
import type { WireDelivery } from './schemas.ts'

/** By `encode`. */
const CHARSETS: readonly (MailCharset | undefined)[] = [undefined, 'iso-2022-jp', 'utf-8']

/** One delivery of a send call. Throws DomainError `invalid-value` naming the field as the house does. */
export function decodeDelivery({ 'mailing-list': list, contents, settings }: WireDelivery): SendRequest {
  const { subject, body, encode = 0, 'attachments-list': files, cc, bcc } = contents
  const { send_time: sendTime = 'now', request_id: requestId, from, reply_to: replyTo, throttle } = settings
  const sendAt = sendTime === 'now' ? undefined : decodeMinute(sendTime, 'sendAt')
  return {
    from,
    replyTo,
    cc: cc === undefined ? undefined : decodeMailboxes(cc, 'cc'),
    bcc: bcc === undefined ? undefined : decodeMailboxes(bcc, 'bcc'),
    subject,
    ...body,
    charset: CHARSETS[encode],
    attachments: files?.map(({ filename, mimetype, data }) => ({
      filename,
      contentType: mimetype,
      content: data.replace(/\s+/g, ''),
    })),
    keywords: keywordsOf(list, [subject, body.text, body.html]),
    recipients: list.map(({ to, substitutions, unsubscribe_url: unsubscribeUrl }) => ({
      to: to.address,
      substitutions,
      unsubscribeUrl: unsubscribeUrl === '' ? undefined : unsubscribeUrl,
    })),
    requestId,
    sendAt,
    mailsPerHour: throttle,
    transactional: false,
  }
}

/** Addresses with commas between, as Cc and Bcc hold them. */
function decodeMailboxes(given: string, field: string): { name?: string; address: string }[] | undefined {
  if (given.trim() === '') return undefined
  const found = mailboxesOf(given)
  if (!found) throw invalid(field, 'must be mail addresses with commas between')
  return found
}

/** The keywords that occur in the contents and that some recipient has a value for. */
function keywordsOf(list: WireDelivery['mailing-list'], templates: (string | undefined)[]): string[] {
  const given = new Set(list.flatMap(({ substitutions = {} }) => Object.keys(substitutions)))
  return [...given].filter((keyword) => templates.some((template) => template?.includes(`##${keyword}##`)))
}

const WIRE_NAMES: readonly (readonly [RegExp, string])[] = [
  [/^from$/, 'settings.from.address'],
  [/^replyTo$/, 'settings.reply_to.address'],
  [/^(?:sendAt)$/, 'settings.send_time'],
  [/^requestId$/, 'settings.request_id'],
  [/^mailsPerHour$/, 'settings.throttle'],
  [/^subject$/, 'contents.subject'],
  [/^(text|html)$/, 'contents.body.$1'],
  [/^(cc|bcc)\b.*$/, 'contents.$1'],
  [/^attachments\[(\d+)\]\.filename$/, 'contents.attachments-list[$1].filename'],
  [/^attachments\[(\d+)\]\.contentType$/, 'contents.attachments-list[$1].mimetype'],
  [/^attachments\[(\d+)\]\.content$/, 'contents.attachments-list[$1].data'],
  [/^recipients\[(\d+)\]\.unsubscribeUrl$/, 'mailing-list[$1].unsubscribe_url'],
  [/^recipients$/, 'mailing-list'],
]

/** Runs a function, and names the fields of the DomainErrors that it throws as the client wrote them. */
export async function inDelivery<T>(index: number, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    refuseIfAny(mistakesOf(error).map((mistake) => renamed(mistake, index)))
    throw error
  }
}

function renamed(mistake: DomainError, index: number): DomainError {
  const { code, message, field = '' } = mistake
  const [pattern, name] = WIRE_NAMES.find(([candidate]) => candidate.test(field)) ?? [/^/, '']
  const wire = field === '' ? '' : `.${field.replace(pattern, name)}`
  return new DomainError(code, message, { field: `delivery[${index}]${wire}`, cause: mistake.cause })
}
