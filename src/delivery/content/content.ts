import { parseAddress } from '../../kernel/address.ts'
import { type Attachment, attachmentPart } from '../../mail/attachment.ts'
import { composeHead } from '../../mail/compose.ts'
import { composeBody, type MailBody } from '../../mail/compose-body.ts'
import {
  type HeaderField,
  headerField,
  parseHeaderBlock,
  splitMessage,
  valuesOf,
  withoutFields,
} from '../../mail/header-block.ts'
import type { MailCharset } from '../../mail/japanese-charset.ts'
import {
  compileTemplate,
  type Template,
  type TemplateKind,
  UNSUBSCRIBE_KEYS,
} from '../../mail/placeholders.ts'
import { formatMailbox, headerAsRead } from '../decide/header-as-read.ts'

export interface Mailbox {
  name?: string | undefined
  address: string
}

/** What a delivery says, as it is stored: once for all recipients. */
export interface StoredContent {
  from: Mailbox
  replyTo?: Mailbox | undefined
  /** Shown to every recipient; each of these gets a copy of every mail. */
  cc?: Mailbox[] | undefined
  subject: string
  text?: string | undefined
  html?: string | undefined
  headers: Record<string, string>
  attachments?: Attachment[] | undefined
  /** UTF-8 unless given, and wherever this charset lacks a character. */
  charset?: MailCharset | undefined
  /** Placeholders are `##keyword##` for each of these, instead of `{{key}}`. */
  keywords?: string[] | undefined
}

/** What differs for one recipient. */
interface Recipient {
  /** What To shows. */
  to: string
  substitutions: Record<string, string>
  /** What `{{unsubscribe_url}}` stands for; undefined when there is no list to leave. */
  unsubscribeUrl: string | undefined
  /** Without brackets. */
  messageId: string
  /** UTC epoch milliseconds, for `Date`. */
  date: number
}

export interface Content {
  /** True when it shows the recipient's unsubscribe link. */
  readonly hasLink: boolean
  /**
   * A placeholder that these values cannot fill: it has no value, or its value would put a line break into a header.
   */
  lacks(substitutions: Record<string, string>): string | undefined
  /** The message without list headers. Throws MissingKeyError or DomainError `invalid-value`. */
  render(recipient: Recipient): { fields: HeaderField[]; body: Buffer }
  /** The values of a header, as `headerAsRead` reads them, for filters to match. */
  headerValues(name: string, substitutions: Record<string, string>): string[]
  /** True when the header differs from recipient to recipient. */
  isPersonal(name: string): boolean
}

/** Compiles content: its placeholders are parsed once, for any number of recipients. */
export function compileContent(stored: StoredContent): Content {
  const { charset, keywords } = stored
  // Somebody who was erased since has no address there any more; the others' mails go on without it.
  const cc = stored.cc?.filter(({ address }) => parseAddress(address) !== undefined)
  const compile = (template: string, kind: TemplateKind) => compileTemplate(template, kind, keywords)
  const subject = compile(stored.subject, 'header')
  const text = stored.text === undefined ? undefined : compile(stored.text, 'text')
  const html = stored.html === undefined ? undefined : compile(stored.html, 'html')
  const headers = Object.entries(stored.headers).map(
    ([name, value]) => [name, compile(value, 'header')] as const,
  )
  const attachments = (stored.attachments ?? []).map(attachmentPart)
  const named = byName([['Subject', subject], ...headers])
  const templates = [subject, text, html, ...headers.map(([, template]) => template)]

  const keys = new Set(templates.flatMap((template) => [...(template?.keys ?? [])]))
  // The same bytes for every recipient, so they are encoded once, and hashed once for DKIM.
  const isSameForAll = [text, html].every((template) => !template || template.keys.size === 0)
  let sharedBody: MailBody | undefined
  const inHeaders = new Set([...named.values()].flat().flatMap((template) => [...template.keys]))

  return {
    hasLink: UNSUBSCRIBE_KEYS.some((key) => keys.has(key)),
    lacks: (substitutions) =>
      [...keys].find((key) => {
        if (UNSUBSCRIBE_KEYS.includes(key)) return false
        const value = Object.hasOwn(substitutions, key) ? substitutions[key] : undefined
        return value === undefined || (inHeaders.has(key) && /[\0\r\n]/.test(value))
      }),
    render: ({ to, substitutions, unsubscribeUrl, messageId, date }) => {
      const fill = (template: Template) => template.render(substitutions, unsubscribeUrl)
      const head = composeHead({
        from: stored.from,
        to: [to],
        cc,
        replyTo: stored.replyTo,
        subject: fill(subject),
        headers: Object.fromEntries(headers.map(([name, template]) => [name, fill(template)])),
        date,
        messageId: `<${messageId}>`,
        charset,
      })
      const body =
        sharedBody ??
        composeBody({ text: text && fill(text), html: html && fill(html) }, { charset, attachments })
      if (isSameForAll) sharedBody = body
      return { fields: [...head, ...body.fields], body: body.bytes }
    },
    headerValues: (name, substitutions) => {
      const key = name.toLowerCase()
      if (key === 'from') return [formatMailbox(stored.from)]
      if (key === 'reply-to' && stored.replyTo) return [formatMailbox(stored.replyTo)]
      if (key === 'cc' && cc && cc.length > 0) return [cc.map(formatMailbox).join(', ')]
      // Filters look at what scopes a mail, never at a link that depends on their verdict.
      return (named.get(key) ?? []).map((template) => headerAsRead(name, template.render(substitutions, '')))
    },
    isPersonal: (name) => (named.get(name.toLowerCase()) ?? []).some(({ keys }) => keys.size > 0),
  }
}

/** A whole message that the client composed: missing fields are added and Bcc is removed; nothing else is touched. */
export function rawContent(raw: Buffer): Content {
  const { head, body } = splitMessage(raw)
  const fields = withoutFields(parseHeaderBlock(head), 'Bcc')
  const has = (name: string) => valuesOf(fields, name).length > 0
  return {
    hasLink: false,
    lacks: () => undefined,
    render: ({ messageId, date }) => ({
      fields: [
        ...fields,
        ...(has('Date') ? [] : [headerField('Date', new Date(date).toUTCString().replace('GMT', '+0000'))]),
        ...(has('Message-ID') ? [] : [headerField('Message-ID', `<${messageId}>`)]),
      ],
      body,
    }),
    headerValues: (name) => valuesOf(fields, name).map((value) => headerAsRead(name, value)),
    isPersonal: () => false,
  }
}

/** Headers by name, for filters to look at; one that occurs several times has several values. */
export type SeenHeaders = Readonly<Record<string, string | string[]>>

/** What is known of a mail that is sent elsewhere, for filters to match. */
export function headersAsContent(
  from: StoredContent['from'],
  headers: SeenHeaders,
): Pick<Content, 'headerValues' | 'isPersonal'> {
  const named = byName(
    Object.entries(headers).flatMap(([name, values]) =>
      [values].flat().map((value) => [name, value] as const),
    ),
  )
  return {
    isPersonal: () => false,
    headerValues: (name) => {
      const key = name.toLowerCase()
      if (key === 'from') return [formatMailbox(from)]
      return (named.get(key) ?? []).map((value) => headerAsRead(name, value))
    },
  }
}

/** Groups by name in lower case; different spellings of one name count as several headers. */
function byName<T>(headers: readonly (readonly [name: string, value: T])[]): Map<string, T[]> {
  const groups = Map.groupBy(headers, ([name]) => name.toLowerCase())
  return new Map([...groups].map(([key, group]) => [key, group.map(([, value]) => value)]))
}
