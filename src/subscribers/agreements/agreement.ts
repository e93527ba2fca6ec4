import type { Compilable } from 'kysely'
import type { Language } from '../../kernel/texts.ts'
import type { Database } from '../../storage/database.ts'
import type { AgreementTable } from '../../storage/tables.ts'

/** From where something came. */
interface Origin {
  clientAddress: string
  userAgent: string | null
}

/** What somebody agreed to when they registered by a form, and how they did. */
export interface Agreement {
  form: {
    id: string
    /** Null where it was deleted before the registration was confirmed. */
    name: string | null
    /** The revision of the form that they saw. */
    revision: number
  }
  language: Language
  /**
   * The hash of the text beside the box that they ticked (`consent-text.ts`); null when the form asked for no consent.
   */
  textHash: string | null
  agreedAt: number
  /** Null for who was erased. */
  origin: Origin | null
  /** By the link in the mail; null where the form asks nobody to confirm. */
  confirmed: { at: number; origin: Origin | null } | null
}

/** Writes the agreement in the transaction of the joining; whoever presses the link again has still agreed once. */
export function insertAgreement(
  database: Database,
  { serviceId, addressKey }: { serviceId: number; addressKey: string },
  { form, language, textHash, agreedAt, origin, confirmed }: Agreement,
): Compilable {
  return database.query
    .insertInto('agreement')
    .values({
      address_key: addressKey,
      service_id: serviceId,
      agreed_at: agreedAt,
      form_id: form.id,
      form_name: form.name,
      form_revision: form.revision,
      language,
      text_hash: textHash,
      evidence_json: origin && JSON.stringify(origin),
      confirmed_at: confirmed?.at ?? null,
      confirmation_json: confirmed?.origin ? JSON.stringify(confirmed.origin) : null,
    })
    .onConflict((conflict) => conflict.doNothing())
}

export function toAgreement(row: AgreementTable): Agreement {
  const read = (json: string | null) => (json === null ? null : (JSON.parse(json) as Origin))
  return {
    form: { id: row.form_id, name: row.form_name, revision: row.form_revision },
    language: row.language,
    textHash: row.text_hash,
    agreedAt: row.agreed_at,
    origin: read(row.evidence_json),
    confirmed:
      row.confirmed_at === null ? null : { at: row.confirmed_at, origin: read(row.confirmation_json) },
  }
}
