import type { HardReason, OwnReason, SoftReason } from '../../conclusion.ts'

/** What a rule says: the verdict without the rule's name. */
export type Finding =
  | { class: 'hard'; reason: HardReason }
  | { class: 'soft'; reason: SoftReason }
  | { class: 'ours'; reason: OwnReason }

/**
 * Words that mean one thing. Patterns see text in lower case with single blanks and straight quotes, of bounded length;
 * they nest no repetition inside another, so that none is slow on any input. `source` names who words it so.
 */
export type TextRules = Finding & { says: readonly (readonly [pattern: RegExp, source: string])[] }
