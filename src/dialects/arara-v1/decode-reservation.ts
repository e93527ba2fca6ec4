import type { RecipientRequest } from '../../delivery/accept/place.ts'
import type { Mailbox, StoredContent } from '../../delivery/content/content.ts'
import { DomainError, invalid } from '../../kernel/domain-error.ts'
import { mailboxesOf } from '../../mail/mailbox-list.ts'
import type { Service } from '../../tenants/service.ts'
import type { XmlElement } from '../xml/read-xml.ts'
import {
  childOf,
  childrenOf,
  minuteOf,
  numberOf,
  optionalAddress,
  requestIdOf,
  requiredText,
  textOf,
} from './decode.ts'
import type { Reservation } from './parts.ts'

/** By `encode`, as API v2 has it. */
const CHARSETS: readonly StoredContent['charset'][] = [undefined, 'iso-2022-jp', 'utf-8']
/** What the vendor's mails may have and ours may not: without it, a mail would not be what was asked for. */
const NOT_OFFERED = ['ext_txt', 'ext_img']

/** A `delivery` that is to be sent. Throws DomainError `invalid-value` or `unknown-field`, naming the element. */
export function decodeReservation(delivery: XmlElement, service: Service): Reservation {
  requireKnown(delivery, ['action', 'request_id', 'setting', 'contents', 'send_list'])
  const recipients = decodeRecipients(childOf(delivery, 'send_list'))
  const contents = decodeContents(childOf(delivery, 'contents'))
  const keywords = new Set(recipients.flatMap(({ substitutions = {} }) => Object.keys(substitutions)))
  return {
    ...decodeSetting(childOf(delivery, 'setting'), service),
    ...contents,
    keywords: [...keywords],
    requestId: requestIdOf(delivery),
    recipients,
  }
}

function decodeSetting(setting: XmlElement | undefined, service: Service) {
  const names = ['send_date', 'from_name', 'from', 'envelope_from', 'reply_to', 'option', 'throttle']
  requireKnown(setting, [...names, 's_mime', 'opened_flag'])
  const option = childOf(setting, 'option')
  for (const name of ['stop_time', 'start_time']) {
    if (textOf(option, name) !== undefined)
      throw invalid(name, 'is not offered: nothing holds mail back at night')
  }
  if (Number(childOf(setting, 's_mime')?.attributes['use'] ?? 0) !== 0)
    throw invalid('s_mime', 'is not offered')
  const address = textOf(setting, 'from')
  const replyTo = optionalAddress(setting, 'reply_to')
  const sendDate = textOf(setting, 'send_date') ?? 'now'
  return {
    from: address,
    fromName: textOf(setting, 'from_name'),
    replyTo: replyTo === undefined ? undefined : { address: replyTo },
    returnPath: optionalAddress(setting, 'envelope_from'),
    sendAt: sendDate === 'now' ? undefined : minuteOf(sendDate, service.timeZone, 'send_date'),
    mailsPerHour: numberOf(setting, 'throttle') || undefined,
  }
}

function decodeContents(contents: XmlElement | undefined) {
  requireKnown(contents, ['subject', 'body', 'encode', 'cc', 'bcc', 'attachments-list'])
  const charset = numberOf(contents, 'encode') ?? 0
  if (charset >= CHARSETS.length) throw invalid('encode', 'must be 0, 1 or 2')
  return {
    subject: requiredText(contents, 'subject'),
    ...decodeBodies(childrenOf(contents, 'body')),
    charset: CHARSETS[charset],
    cc: mailboxes(textOf(contents, 'cc'), 'cc'),
    bcc: mailboxes(textOf(contents, 'bcc'), 'bcc'),
    attachments: decodeAttachments(childOf(contents, 'attachments-list')),
  }
}

/** A body is text, or HTML as part 2; or one body holds both, as `text` and `html`. */
function decodeBodies(bodies: readonly XmlElement[]): { text?: string; html?: string } {
  const given: { text?: string; html?: string } = {}
  const put = (kind: 'text' | 'html', text: string) => {
    if (text.trim() === '') return
    if (given[kind] !== undefined) throw invalid('body', `has ${kind} twice`)
    given[kind] = text
  }
  for (const body of bodies) {
    requireKnown(body, ['text', 'html'])
    for (const { name, text } of body.children) put(name as 'text' | 'html', text)
    if (body.children.length > 0) continue
    const { part = '1' } = body.attributes
    if (part !== '1' && part !== '2') throw invalid('body', 'must be part 1, text, or part 2, HTML')
    put(part === '1' ? 'text' : 'html', body.text)
  }
  return given
}

function decodeAttachments(list: XmlElement | undefined): StoredContent['attachments'] {
  requireKnown(list, ['attachment'])
  const files = childrenOf(list, 'attachment').map((file) => {
    requireKnown(file, ['filename', 'mimetype', 'data'])
    const content = requiredText(file, 'data').replace(/\s+/g, '')
    return { filename: requiredText(file, 'filename'), contentType: requiredText(file, 'mimetype'), content }
  })
  return files.length > 0 ? files : undefined
}

function mailboxes(given: string | undefined, field: string): Mailbox[] | undefined {
  if (given === undefined) return undefined
  const found = mailboxesOf(given)
  if (!found) throw invalid(field, 'must be mail addresses with commas between')
  return found
}

function decodeRecipients(list: XmlElement | undefined): RecipientRequest[] {
  requireKnown(list, ['data'])
  const all = childrenOf(list, 'data')
  if (all.length === 0) throw invalid('send_list', 'needs data')
  return all.map((data) => {
    requireKnown(data, ['address', 'int_txt', 'key_field', 'unsubscribe_url', ...NOT_OFFERED])
    for (const name of NOT_OFFERED) {
      if (childrenOf(data, name).some(({ text }) => !['', '0'].includes(text.trim())))
        throw invalid(name, 'is not offered')
    }
    const texts = childrenOf(data, 'int_txt').map(({ attributes, text }) => {
      const { id = '' } = attributes
      if (!/^\d{1,5}$/.test(id)) throw invalid('int_txt', 'needs an id, a number')
      return [`int_txt_${Number(id)}`, text] as const
    })
    return {
      // An invalid address is not an error of the request; it is left out of those that are counted.
      to: textOf(data, 'address') ?? '',
      substitutions: texts.length > 0 ? Object.fromEntries(texts) : undefined,
      unsubscribeUrl: textOf(data, 'unsubscribe_url'),
    }
  })
}

/** An unknown element is refused rather than left out of a mail. Throws DomainError `unknown-field`. */
function requireKnown(element: XmlElement | undefined, names: readonly string[]): void {
  const stranger = element?.children.find(({ name }) => !names.includes(name))
  if (!stranger) return
  const field = `${element?.name}/${stranger.name}`
  throw new DomainError('unknown-field', 'is not an element that is known there', { field })
}
