import { maskAddress, parseAddress } from '../../kernel/address.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Keyring } from '../../kernel/keyring.ts'
import type { Language } from '../../kernel/texts.ts'
import type { NoticeView } from '../../pages/notice-page.ts'
import type { Database } from '../../storage/database.ts'
import { findServiceIfAny } from '../../tenants/service.ts'
import { type Confirmation, openConfirmation } from '../../tokens/confirmation.ts'
import type { Agreement } from '../agreements/agreement.ts'
import { type Form, findAnyForm } from '../forms/form.ts'
import type { Join } from '../join.ts'
import { type ConfirmState, PAGE_TEXTS } from './page-texts.ts'

export interface ConfirmParts {
  database: Database
  keyring: Keyring
  clock: Clock
  join: Join
}

/** What became of a link: shown, or pressed. */
export interface Confirmed {
  state: ConfirmState
  confirmation?: Confirmation
  /** The form by which they asked, while there is one. */
  form?: Form | undefined
}

/** What a link would do. Changes nothing: scanners fetch every URL. */
export async function lookAtConfirmation(
  { database, keyring, clock }: Pick<ConfirmParts, 'database' | 'keyring' | 'clock'>,
  token: string,
): Promise<Confirmed> {
  const opened = openConfirmation(keyring, token, clock())
  if (!opened.ok) return { state: opened.why === 'expired' ? 'expired' : 'unknown' }
  return { state: 'ask', confirmation: opened, form: await formOf(database, opened) }
}

/**
 * Makes whoever pressed the button join, like any other joining; pressing again changes nothing more. Rejects with
 * DatabaseUnavailable, and then nothing was done.
 */
export async function confirmJoining(
  parts: ConfirmParts,
  token: string,
  { clientAddress, userAgent }: { clientAddress: string; userAgent: string | null },
): Promise<Confirmed> {
  const opened = openConfirmation(parts.keyring, token, parts.clock())
  if (!opened.ok) return lookAtConfirmation(parts, token)
  const { serviceId, via, data, keyId } = opened
  const recipient = parseAddress(opened.recipient)
  const service = await findServiceIfAny(parts.database, serviceId)
  if (!recipient || !service) return { state: 'unknown' }
  // Read before anything is done: a failure afterwards would be answered as if nothing had been done.
  const form = await formOf(parts.database, opened)
  const evidence = { method: 'POST' as const, clientAddress, userAgent, keyId }
  const agreement = agreementOf(opened, form, { at: parts.clock(), origin: { clientAddress, userAgent } })
  await parts.join({ service, recipient, via, data, evidence, agreement })
  return { state: 'joined', confirmation: opened, form }
}

/** What they agreed to when they filled in the form, from where they did, and that they confirmed it. */
function agreementOf(
  { formId, agreed, askedAt }: Confirmation,
  form: Form | undefined,
  confirmed: NonNullable<Agreement['confirmed']>,
): Agreement | undefined {
  if (formId === undefined || !agreed) return undefined
  const { language, revision, textHash, clientAddress } = agreed
  return {
    form: { id: formId, name: form?.name ?? null, revision },
    ...{ language, textHash, agreedAt: askedAt },
    origin: { clientAddress, userAgent: null },
    confirmed,
  }
}

async function formOf(database: Database, { formId }: Confirmation): Promise<Form | undefined> {
  return formId === undefined ? undefined : findAnyForm(database, formId)
}

/** In words, with the button that leads on; `action` is a path on this origin. */
export function confirmView(
  { state, confirmation, form }: Confirmed,
  language: Language,
  action: string,
): NoticeView {
  const texts = PAGE_TEXTS[language]
  const done = state === 'joined' && form?.texts[language]?.done
  return {
    language,
    ...texts.states[state],
    ...(done && { lead: done }),
    facts: confirmation
      ? [
          { label: texts.fromLabel, value: confirmation.from },
          { label: texts.recipientLabel, value: maskAddress(confirmation.recipient) },
        ]
      : [],
    notes: [],
    ...(state === 'ask' && { button: { label: texts.button, action, fields: {} } }),
    others: [],
  }
}
