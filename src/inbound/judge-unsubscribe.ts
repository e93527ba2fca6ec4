import { valuesOf } from '../mail/header-block.ts'
import { decodeHeaderText } from '../mail/header-text.ts'
import { isMessage, readMimeTree, textOf, walkParts } from '../mail/mime-tree.ts'
import { DatabaseUnavailable } from '../storage/database-errors.ts'
import type { Links } from '../tokens/link.ts'
import type { PlanRequest } from '../unsubscribe/plan-request.ts'
import { type InboundMail, type Judgement, notUnderstood } from './inbound-mail.ts'

export interface UnsubscribeParts {
  planRequest: PlanRequest
  links: Pick<Links, 'open'>
  /** Requests that wait in the journal came earlier and have to be carried out first. */
  journal: { readonly pending: boolean }
}

/**
 * `class_id/-token`, as in the mailto URI's subject and at the end of the https link; also where nobody decoded the
 * URI.
 */
const LINK = /(?<![a-z2-7])([a-z2-7]{16})(?:\/|%2f)-([A-Za-z0-9_-]{20,2048})/gi
/** What programs that wrap and quote put into the middle of a token, followed by the rest of it. */
const GOING_ON = /[\s>]+([A-Za-z0-9_-]+)/y
const MOST_LINKS = 10
const MOST_BREAKS = 8
const MOST_BODY = 500

/**
 * A mail to the address beside the one-click link (RFC 2369 §3.2): the same as a one-click request, whoever sent it and
 * however, since the token is what counts. Apple's come as auto-replied. Rejects with DatabaseUnavailable.
 */
export async function judgeUnsubscribe(
  { planRequest, links, journal }: UnsubscribeParts,
  { raw, clientAddress, receivedAt }: InboundMail,
): Promise<Judgement> {
  if (journal.pending) throw new DatabaseUnavailable('requests in the journal have to be replayed first')
  const tree = readMimeTree(raw)
  const subject = decodeHeaderText(valuesOf(tree.fields, 'Subject')[0] ?? '')
  const found = [...readLinks(subject), ...readLinks(bodyOf(tree))]
  const link = found.find(({ classId, token }) => links.open(classId, token).ok) ?? found[0]
  if (!link) return notUnderstood('unsubscribe', 'no-link')
  const { outcome, list, opened, statements } = await planRequest({
    target: { kind: 'token', ...link },
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
  if (outcome !== 'excluded') return { ...notUnderstood('unsubscribe', outcome, known), statements }
  return {
    ...{ kind: 'unsubscribe', outcome: 'unsubscribed', ...known, message: null, report: null },
    detail: { list: list?.id },
    statements,
  }
}

/** Every link in a text, both as it stands and rejoined across line breaks: the seal tells which one is whole. */
function readLinks(text: string): { classId: string; token: string }[] {
  return [...text.matchAll(LINK)]
    .slice(0, MOST_LINKS)
    .flatMap(({ index, 0: whole, 1: classId = '', 2: start = '' }) => {
      const tokens = [start]
      GOING_ON.lastIndex = index + whole.length
      while (tokens.length <= MOST_BREAKS) {
        const [, more] = GOING_ON.exec(text) ?? []
        if (more === undefined) break
        tokens.push(`${tokens.at(-1)}${more}`)
      }
      return tokens.map((token) => ({ classId: classId.toLowerCase(), token }))
    })
}

/** What the sender wrote, and not what they forward. */
function bodyOf(tree: ReturnType<typeof readMimeTree>): string {
  const parts = [...walkParts(tree, (part) => !isMessage(part))]
  const texts = parts.filter(
    ({ contentType: { type }, parts: { length } }) =>
      length === 0 && type.startsWith('text/') && !/\/rfc822-headers?$/.test(type),
  )
  return texts.map(textOf).join('\n')
}
