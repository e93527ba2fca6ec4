import type { Client } from '../client/connection.ts'
import { type Exclusion, Failure, noAddresses } from '../client/failure.ts'
import { type HeaderField, valuesOf, withoutFields } from '../mail/header-block.ts'
import { readListUnsubscribe } from '../mail/list-headers.ts'
import { type Content, fromOf, readContent } from './content.ts'
import { signPair } from './dkim.ts'
import { type CompiledMail, dataOf } from './mail.ts'
import { mailboxOf } from './mailbox.ts'

interface CheckAnswer {
  excluded: Exclusion[]
  malformed: string[]
}

interface Minted {
  listUnsubscribe: string
  listUnsubscribePost: string
}

const RECIPIENT_FIELDS = /^(?:to|cc)$/
/** The longest header that the API looks at. */
const LONGEST_HEADER = 10_000

/**
 * Removes the recipients who must not get a mail, and adds the header pair by the stamping rules. Answers who was
 * removed; when that is everybody, the mail is left as it was. Rejects with a Failure when it must not go out as it is.
 */
export async function guardMail(client: Client, mail: CompiledMail): Promise<Exclusion[]> {
  const { message } = mail
  const { kaijo: { transactional = false } = {}, signal } = dataOf(mail)
  const content = await readContent(mail)
  const question = { from: fromOf(content.fields), headers: headersOf(content.fields) }
  const envelope = message.getEnvelope()
  if (envelope.to.length === 0) return []

  const { excluded, malformed } = await client.post<CheckAnswer>(
    '/check',
    { ...question, transactional, recipients: envelope.to },
    signal,
  )
  if (malformed.length > 0) throw noAddresses(malformed)
  const addresses = new Set(excluded.map(({ address }) => address))
  const left = envelope.to.filter((address) => !addresses.has(address))
  const [recipient, ...others] = left
  if (recipient === undefined) return excluded
  if (excluded.length > 0) {
    content.leaveOut(addresses)
    message.setEnvelope({ ...envelope, to: [recipient, ...others] })
  }

  if (!transactional) await stamp(content)
  return excluded

  async function stamp({ fields }: Content): Promise<void> {
    if (readListUnsubscribe(valuesOf(fields, 'List-Unsubscribe')) !== 'https') {
      const [messageId] = valuesOf(fields, 'Message-ID')
      const minted = await mint(client, { ...question, to: recipient as string, messageId }, signal)
      if (!minted) return
      // One mailbox in two spellings, perhaps in To and Bcc, is one recipient.
      const { size } = new Set(left.map(mailboxOf))
      if (size > 1) throw tooMany(size)
      content.stamp(minted)
    }
    signPair(mail)
  }
}

/** Undefined when From is not registered for one-click and no filter matches: such mail gets no headers. */
async function mint(
  client: Client,
  request: { from: string; to: string; messageId: string | undefined; headers: Record<string, string[]> },
  signal: AbortSignal | undefined,
): Promise<Minted | undefined> {
  try {
    return await client.post<Minted>('/headers', request, signal)
  } catch (error) {
    if (error instanceof Failure && error.problem?.code === 'unknown-sender') return undefined
    throw error
  }
}

/** The headers that filters look at, without long lists of recipients, which no filter is about. */
function headersOf(fields: readonly HeaderField[]): Record<string, string[]> {
  const named = withoutFields(fields, 'Bcc').filter(
    ({ key, value }) => key !== '' && (value.length <= LONGEST_HEADER || !RECIPIENT_FIELDS.test(key)),
  )
  const groups = Map.groupBy(named, ({ name }) => name)
  return Object.fromEntries([...groups].map(([name, group]) => [name, group.map(({ value }) => value)]))
}

function tooMany(count: number): Failure {
  return new Failure(
    'EKAIJORECIPIENTS',
    `a mail with an unsubscribe link goes to one recipient, not to ${count}: send it to each, or through kaijoTransport`,
  )
}
