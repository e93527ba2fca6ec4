import { decodeHeaderText } from '../mail/encoded-word.ts'
import { valuesOf } from '../mail/header-block.ts'
import { isMessage, readMimeTree, textOf, walkParts } from '../mail/mime-tree.ts'
import { DatabaseUnavailable } from '../storage/database-errors.ts'
import type { AcceptRequest } from '../unsubscribe/accept-request.ts'
import { type InboundMail, type Judgement, notUnderstood } from './inbound-mail.ts'

export interface UnsubscribeParts {
  carryOut: AcceptRequest
  /** What waits there came before, and has to be carried out before. */
  journal: { readonly pending: boolean }
}

/** `class_id/-token`, as the mailto URI's subject has it and the https link ends. */
const LINK = /(?<![a-z2-7])([a-z2-7]{16})\/-([A-Za-z0-9_-]{20,2048})/
const MOST_BODY = 500

/**
 * A mail to the address beside the one-click link (RFC 2369 §3.2): the same as a one-click request, whoever sent it and however,
 * since the token is what counts. Apple's come as auto-replied. Rejects with DatabaseUnavailable.
 */
export async function judgeUnsubscribe(
  { carryOut, journal }: UnsubscribeParts,
  { raw, clientAddress, receivedAt }: InboundMail,
): Promise<Judgement> {
  if (journal.pending) throw new DatabaseUnavailable('requests in the journal have to be replayed first')
  const tree = readMimeTree(raw)
  const subject = decodeHeaderText(valuesOf(tree.fields, 'Subject')[0] ?? '')
  const link = LINK.exec(subject) ?? LINK.exec(bodyOf(tree))
  const [, classId, token] = link ?? []
  if (classId === undefined || token === undefined) return notUnderstood('unsubscribe', 'no-link')
  const { outcome, list, opened } = await carryOut({
    target: { kind: 'token', classId, token },
    receivedAt,
    evidence: {
      method: 'MAIL',
      clientAddress: clientAddress ?? '',
      userAgent: valuesOf(tree.fields, 'X-Mailer')[0]?.slice(0, MOST_BODY) ?? null,
      body: subject.slice(0, MOST_BODY),
    },
    source: 'inbound',
  })
  const known = { serviceId: list?.serviceId ?? null, address: opened?.recipient ?? null }
  if (outcome !== 'excluded') return notUnderstood('unsubscribe', outcome, known)
  return {
    ...{ kind: 'unsubscribe', outcome: 'unsubscribed', ...known, message: null, report: null },
    detail: { list: list?.id },
    statements: [],
  }
}

/** What the sender wrote himself: not what he forwards. */
function bodyOf(tree: ReturnType<typeof readMimeTree>): string {
  const parts = [...walkParts(tree, (part) => !isMessage(part))]
  const texts = parts.filter(
    ({ contentType, parts: { length } }) => length === 0 && contentType.type.startsWith('text/'),
  )
  return texts.map(textOf).join('\n')
}
