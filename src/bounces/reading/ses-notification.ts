import { parseAddress } from '../../kernel/address.ts'
import type { Understanding } from '../conclusion.ts'
import { classify } from '../judging/classify.ts'

const LONGEST = 262_144
const MOST_RECIPIENTS = 1_000

type Json = Readonly<Record<string, unknown>>

/**
 * A notification of Amazon SES, in JSON, as its topics send it by mail, bare or in the envelope of SNS. Undefined when
 * the text holds none.
 */
export function readSesNotification(text: string): Understanding | undefined {
  const begin = text.indexOf('{')
  if (begin === -1 || text.length > LONGEST || !/"(?:notification|event)Type\\?"/.test(text)) return undefined
  const outer = parse(text.slice(begin, text.lastIndexOf('}') + 1))
  const message = typeof outer?.['Message'] === 'string' ? parse(outer['Message']) : outer
  switch (message?.['notificationType'] ?? message?.['eventType']) {
    case 'Bounce':
      return ofBounce(objectOf(message?.['bounce']))
    case 'Complaint':
      return ofComplaint(objectOf(message?.['complaint']))
    case 'Delivery':
      return { kind: 'receipt' }
    default:
      return undefined
  }
}

function ofBounce(bounce: Json): Understanding {
  const recipients = objectsOf(bounce['bouncedRecipients']).map((recipient) => {
    const said = textOf(recipient['diagnosticCode']).replace(/^smtp; */i, '')
    const status = /^[45]\.\d{1,3}\.\d{1,3}$/.exec(textOf(recipient['status']))?.[0] ?? null
    const kind = `${textOf(bounce['bounceType'])} ${textOf(bounce['bounceSubType'])}`
    // A refusal by SES's own suppression list is held against us: it does not tell what the host would say.
    const isSuppressed = /Suppress/i.test(kind)
    return {
      address: parseAddress(textOf(recipient['emailAddress']))?.address ?? null,
      ...classify({ said: isSuppressed ? `suppression list: ${said}` : said, status }),
    }
  })
  return { kind: 'bounce', format: 'Amazon SES', recipients }
}

function ofComplaint(complaint: Json): Understanding {
  const feedbackType = textOf(complaint['complaintFeedbackType']).toLowerCase() || 'abuse'
  const recipients = objectsOf(complaint['complainedRecipients']).flatMap(
    (recipient) => parseAddress(textOf(recipient['emailAddress']))?.address ?? [],
  )
  return { kind: 'complaint', feedbackType, isAgainstUs: feedbackType !== 'not-spam', recipients }
}

function parse(text: string): Json | undefined {
  try {
    return objectOf(JSON.parse(text))
  } catch {
    return undefined
  }
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {}
}

function objectsOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.slice(0, MOST_RECIPIENTS).map(objectOf) : []
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 4_000) : ''
}
