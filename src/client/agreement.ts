/** From where a form was sent off, or confirmed; null for who was erased. */
type Origin = { clientAddress: string; userAgent: string | null } | null

/** What somebody agreed to when they registered by a form. */
export interface Agreement {
  form: { id: string; name: string | null; revision: number }
  language: 'ja' | 'en'
  /** Null where the form had none. */
  text: string | null
  /** Of the text in UTF-8, in base64url. */
  textSha256: string | null
  agreedAt: string
  origin: Origin
  /** By the link in the mail; null where the form asks nobody to confirm. */
  confirmed: { at: string; origin: Origin } | null
}
