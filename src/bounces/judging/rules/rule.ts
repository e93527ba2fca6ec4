import type { HardReason, OwnReason, SoftReason } from '../../conclusion.ts'

/** What a rule says: the verdict without the rule's name. */
export type Finding =
  | { class: 'hard'; reason: HardReason }
  | { class: 'soft'; reason: SoftReason }
  | { class: 'ours'; reason: OwnReason }

/**
 * Words that mean one thing. Patterns see text in lower case with single blanks and straight quotes, of bounded length; they
 * hold no repetition inside of another, so that none takes long on anything. `source` is who writes so.
 */
export type TextRules = Finding & { says: readonly (readonly [pattern: RegExp, source: string])[] }
