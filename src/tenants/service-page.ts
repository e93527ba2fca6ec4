import type { Language } from '../kernel/texts.ts'

/** What recipients are told in the service's own words, where it has some. */
export interface OwnTexts {
  /** Under the question whether to stop. */
  ask?: string
  /** After stopping. */
  stopped?: string
  /** To whoever had stopped before. */
  alreadyStopped?: string
  /** After coming back. */
  resumed?: string
  /** Below every page: who sends, whom to turn to. */
  footer?: string
}

/** How the public pages of a service look and speak, besides its logo. */
export interface ServicePage {
  /** Above every page; null shows none. */
  name: string | null
  /** `#rrggbb` of buttons and edges; null is Kaijo's own. */
  accent: string | null
  /** https; null shows no link. */
  privacyUrl: string | null
  /** For readers whose browser asks for neither Japanese nor English. */
  language: Language
  texts: Record<Language, OwnTexts>
}

export const DEFAULT_PAGE: ServicePage = {
  name: null,
  accent: null,
  privacyUrl: null,
  language: 'en',
  texts: { ja: {}, en: {} },
}
