import { buffer } from 'node:stream/consumers'
import {
  type HeaderField,
  joinMessage,
  parseHeaderBlock,
  splitMessage,
  valuesOf,
} from '../mail/header-block.ts'
import { applyStamp } from '../mail/stamping.ts'
import { type CompiledMail, dataOf, type Message } from './mail.ts'

interface Pair {
  listUnsubscribe: string
  listUnsubscribePost: string
}

/** The head of a mail as it will go out, whether nodemailer composes it or the caller brought it whole. */
export interface Content {
  fields: readonly HeaderField[]
  /** Removes these addresses from To, Cc and Bcc; a message that the caller brought whole is not rewritten. */
  leaveOut(addresses: ReadonlySet<string>): void
  /** Replaces any such headers with the pair, each on one unfolded line. */
  stamp(pair: Pair): void
}

export async function readContent(mail: CompiledMail): Promise<Content> {
  const { message } = mail
  return dataOf(mail).raw ? wholeContent(await buildMessage(message), message) : composedContent(message)
}

function composedContent(message: Message): Content {
  return {
    fields: parseHeaderBlock(Buffer.from(message.buildHeaders())),
    leaveOut: (addresses) => {
      for (const [name, mailboxes = []] of Object.entries(message.getAddresses())) {
        const rest = mailboxes.filter(({ address = '' }) => !addresses.has(address))
        if (rest.length < mailboxes.length) message.setHeader(name, rest)
      }
    },
    stamp: ({ listUnsubscribe, listUnsubscribePost }) => {
      message.setHeader('List-Unsubscribe', { prepared: true, value: listUnsubscribe })
      message.setHeader('List-Unsubscribe-Post', { prepared: true, value: listUnsubscribePost })
    },
  }
}

function wholeContent(raw: Buffer, message: Message): Content {
  const { head, body } = splitMessage(raw)
  const fields = parseHeaderBlock(head)
  // It may have been a stream, which can only be read once.
  message.setRaw(raw)
  return {
    fields,
    leaveOut: () => {},
    stamp: (pair) => {
      const stamped = applyStamp(fields, { action: 'replace', pair, source: 'sender' })
      message.setRaw(joinMessage(stamped, body))
    },
  }
}

/** The whole message, as it would go to a mail server. */
export function buildMessage(message: Message): Promise<Buffer> {
  return buffer(message.createReadStream())
}

/** As the API takes the sender: what stands in From. */
export function fromOf(fields: readonly HeaderField[]): string {
  return valuesOf(fields, 'From').join(', ')
}
