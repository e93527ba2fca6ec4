import type { Clock } from '../../kernel/clock.ts'
import { DomainError } from '../../kernel/domain-error.ts'
import type { Language } from '../../kernel/texts.ts'
import type { Database } from '../../storage/database.ts'
import { findService } from '../../tenants/service.ts'
import type { Agreement } from '../agreements/agreement.ts'
import type { KeepConsentText } from '../agreements/consent-text.ts'
import type { AskToConfirm } from '../confirm/ask-to-confirm.ts'
import type { Join } from '../join.ts'
import { subscriberData } from '../subscriber.ts'
import type { Form } from './form.ts'
import { ADDRESS, TRAP } from './form-inputs.ts'
import type { Mistake } from './form-texts.ts'
import { type Given, readAnswers } from './read-answers.ts'
import type { CountRegistration } from './registration-bounds.ts'

export interface RegisterParts {
  database: Database
  clock: Clock
  join: Join
  askToConfirm: AskToConfirm
  count: CountRegistration
  keepConsentText: KeepConsentText
}

interface Submission {
  form: Form
  given: Given
  language: Language
  clientAddress: string | undefined
  userAgent: string | null
}

/**
 * `sent`: whoever reads the address's mail is asked to confirm, or was asked today, or cannot be mailed. `trapped`: a
 * program; nothing was done. `no-sender`: there is no address to ask from.
 */
export type Registered =
  | { outcome: 'sent' | 'joined' | 'trapped' | 'too-much' | 'too-many' | 'no-sender' }
  | { outcome: 'mistakes'; mistakes: ReadonlyMap<string, Mistake> }

/**
 * Takes what somebody entered into a form (PC登録フォーム). They join its service and are taken off the lists of its senders and
 * filters: at once, or when they confirm it. What is answered never depends on whether an address is known or excluded.
 * Resolves once it is durable; rejects with DatabaseUnavailable, and then nothing was done.
 */
export async function registerByForm(parts: RegisterParts, submission: Submission): Promise<Registered> {
  const { form, given, language, clientAddress, userAgent } = submission
  if (given(TRAP) !== '') return { outcome: 'trapped' }
  const { recipient, attributes, mistakes } = readAnswers(form, given)
  if (!recipient || mistakes.size > 0) return { outcome: 'mistakes', mistakes }
  const data = form.fields.length > 0 ? { attributes } : {}
  if (!subscriberData.safeParse(data).success) return { outcome: 'too-much' }
  if (!parts.count(clientAddress, form.serviceId)) return { outcome: 'too-many' }
  const service = await findService(parts.database, form.serviceId)
  const { consent = '' } = form.texts[language] ?? {}
  const textHash = consent === '' ? null : await parts.keepConsentText(consent)
  const { revision } = versionOf(form)
  const agreed = { language, revision, textHash, clientAddress: clientAddress ?? 'unknown' }
  if (!form.doubleOptIn) {
    const now = parts.clock()
    const origin = { clientAddress: agreed.clientAddress, userAgent }
    const agreement = { form: versionOf(form), language, textHash, agreedAt: now, origin, confirmed: null }
    const evidence = { method: 'POST', ...origin, keyId: null }
    await parts.join({ service, recipient, data, via: 'form', requestedAt: now, evidence, agreement })
    return { outcome: 'joined' }
  }
  const { mailSubject: subject = '', mailText: text = '' } = form.texts[language] ?? {}
  try {
    const asked = await parts.askToConfirm({
      ...{ service, recipient, via: 'form', data, language },
      from: form.sender ?? undefined,
      form: { id: form.id, subject, text, agreed },
    })
    if (asked === 'no-sender') return { outcome: asked }
    if (asked === 'unmailable' || asked === 'own-address') {
      return { outcome: 'mistakes', mistakes: new Map([[ADDRESS, asked]]) }
    }
    return { outcome: 'sent' }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    if (error.field === 'attributes') return { outcome: 'too-much' }
    // The service's own bounds for such mails.
    if (error.code === 'unavailable') return { outcome: 'too-many' }
    throw error
  }
}

function versionOf({ id, name, revision }: Form): Agreement['form'] {
  return { id, name, revision: Number(revision) }
}
