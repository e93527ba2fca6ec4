import MimeNode from 'nodemailer/lib/mime-node'
import { parseAddress } from '../kernel/address.ts'
import { invalid } from '../kernel/domain-error.ts'
import { japaneseWords, textField } from './encoded-word.ts'
import { foldedField, type HeaderField, headerField } from './header-block.ts'
import type { MailCharset } from './japanese-charset.ts'

/** A bare address, or one with a display name. */
type Mailbox = string | { name?: string | undefined; address: string }

export type MailHead = {
  from: Mailbox
  to: readonly Mailbox[]
  cc?: readonly Mailbox[] | undefined
  replyTo?: Mailbox | undefined
  subject: string
  /** Further fields by name; Cc, Reply-To and Sender are read as address lists, all others as text. */
  headers?: Readonly<Record<string, string>> | undefined
  /** UTC epoch milliseconds. */
  date: number
  /** With its angle brackets. */
  messageId: string
  /** The charset of names and the subject; UTF-8 where it lacks a character. */
  charset?: MailCharset | undefined
}

/**
 * Fields that `headers` may not name: they have a parameter of their own, are ours to set, or would speak for somebody
 * else.
 */
const STRUCTURAL =
  /^(?:from|to|bcc|subject|date|message-id|mime-version|content-.*|dkim-signature|received|return-path)$/i
const ADDRESS_LIST = /^(?:cc|reply-to|sender)$/i
const MESSAGE_ID = /^<[!-;=?-~]+@[!-;=?-~]+>$/
const LINE_BREAK = /[\0\r\n]/

const encoder = new MimeNode()

/**
 * The fields of a message in the order in which they are sent; those of its body come after them.
 * @throws DomainError invalid-value, naming the field (`from`, `to[1]`, `subject`, `headers.X-Tag`, …), for CR, LF or
 * NUL, for an invalid address or Message-ID, and for extra headers that would replace structural ones.
 */
export function composeHead(mail: MailHead): HeaderField[] {
  if (!MESSAGE_ID.test(mail.messageId)) throw invalid('messageId', 'Must be <left@right>.')
  const { cc = [], replyTo, charset = 'utf-8' } = mail
  const mailboxField = (name: string, addresses: Address[], field: string) => {
    if (addresses.length === 0) throw invalid(field, `${name} must hold an e-mail address.`)
    return foldedField(name, addresses.map((address) => formatAddress(address, charset)).join(', '), field)
  }
  return [
    mailboxField('From', [toAddress(mail.from, 'from')], 'from'),
    mailboxField('To', toAddresses(mail.to, 'to'), 'to'),
    ...(cc.length === 0 ? [] : [mailboxField('Cc', toAddresses(cc, 'cc'), 'cc')]),
    ...(replyTo === undefined ? [] : [mailboxField('Reply-To', [toAddress(replyTo, 'replyTo')], 'replyTo')]),
    textField('Subject', mail.subject, 'subject', charset),
    headerField('Date', encoder.encodeHeaderValue('Date', new Date(mail.date)), 'date'),
    headerField('Message-ID', mail.messageId, 'messageId'),
    ...Object.entries(mail.headers ?? {}).map(([name, value]) => extraField(name, value, mail)),
    headerField('MIME-Version', '1.0'),
  ]
}

function extraField(name: string, value: string, { cc, replyTo }: MailHead): HeaderField {
  const field = `headers.${name}`
  const key = name.toLowerCase()
  const taken = (key === 'cc' && cc !== undefined) || (key === 'reply-to' && replyTo !== undefined)
  if (STRUCTURAL.test(name) || taken) throw invalid(field, `${name} cannot be set as an extra header.`)
  if (!ADDRESS_LIST.test(name)) return textField(name, value, field)
  if (LINE_BREAK.test(value)) throw invalid(field, `${name} must be a single line.`)
  return addressField(name, value, field)
}

type Address = { name: string; address: string }

/** A mailbox as an address field holds it, its name quoted or encoded where necessary. */
function formatAddress({ name, address }: Address, charset: MailCharset): string {
  const words = japaneseWords(name, charset)
  return words === undefined ? encoder.encodeHeaderValue('To', [{ name, address }]) : `${words} <${address}>`
}

function addressField(name: string, addresses: string, field: string): HeaderField {
  const list = encoder.encodeHeaderValue(name, addresses)
  if (list === '') throw invalid(field, `${name} must hold an e-mail address.`)
  return foldedField(name, list, field)
}

function toAddresses(mailboxes: readonly Mailbox[], field: string): Address[] {
  return mailboxes.map((mailbox, at) => toAddress(mailbox, `${field}[${at}]`))
}

function toAddress(mailbox: Mailbox, field: string): Address {
  const { name = '', address } = typeof mailbox === 'string' ? { address: mailbox } : mailbox
  const isAddress = parseAddress(address) !== undefined && !/[<>]/.test(address)
  if (!isAddress) throw invalid(field, 'Must be an e-mail address.')
  if (LINE_BREAK.test(name)) throw invalid(field, 'A name must be a single line.')
  return { name: name.trim(), address }
}
