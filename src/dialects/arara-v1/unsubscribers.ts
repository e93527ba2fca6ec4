import { element, xmlDocument } from '../xml/write-xml.ts'
import { addressOf, dayOf, recipientsOf, subjectOf, textOf } from './decode.ts'
import { encodeDay, SUCCESS } from './encode.ts'
import type { Operations } from './operation.ts'
import type { AraraV1Parts } from './parts.ts'

const NEXT_HEADER = 'x-kaijo-next'
const SMALL = 64 * 1_024
const LARGE = 4 * 1_024 * 1_024

/** One-click senders, who asked to stop, and who gets mail again. */
export function unsubscriberOperations(parts: AraraV1Parts): Operations {
  return {
    '/tm/unsubscribe_receivers.php': {
      ...{ root: 'request', need: 'edit', bodyLimit: SMALL },
      answer: async ({ root, signedIn }) => {
        const sender = await parts.registerSender(signedIn, addressOf(subjectOf(root), 'header_from'))
        const baseUrl = element('base_url', parts.baseUrl(sender))
        return xmlDocument(element('response', [SUCCESS, element('header_from', sender.address), baseUrl]))
      },
    },
    '/tm/unsubscribe_requesters.php': {
      ...{ root: 'request', need: 'view', bodyLimit: SMALL },
      answer: async ({ root, signedIn: { service }, reply }) => {
        const subject = subjectOf(root)
        const from = addressOf(subject, 'header_from')
        const request = { from, day: dayOf(subject), cursor: textOf(subject, 'cursor') }
        const { document, next } = await encodeDay(service, from, await parts.readDay(service, request))
        if (next !== undefined) reply.header(NEXT_HEADER, next)
        return document
      },
    },
    '/tm/resubscribers.php': {
      ...{ root: 'request', need: 'edit', bodyLimit: LARGE },
      answer: async ({ root, signedIn }) => {
        const subject = subjectOf(root)
        const from = addressOf(subject, 'header_from')
        await parts.resume(signedIn, { from, addresses: recipientsOf(subject) })
        return xmlDocument(element('response', [SUCCESS]))
      },
    },
  }
}
