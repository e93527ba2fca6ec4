import type { TextRules } from '../../judging/rules/rule.ts'

/** A sign by which a format is recognised; everything that it names must be present. */
export interface Sign {
  /** A header field by its name, and what its value is like. */
  field?: readonly [name: string, value: RegExp]
  subject?: RegExp
  /** Somewhere in what the report says, before the returned mail. */
  said?: RegExp
}

/**
 * How one piece of software reports in prose. Most formats are read by the words and layout that all share; `recipient`
 * and `rules` name what is peculiar to this one. Patterns see one line of at most 1,000 characters, `said` up to 64
 * KiB.
 */
export interface BounceFormat {
  name: string
  /** One is enough. */
  signs: readonly Sign[]
  /**
   * Lines that name a recipient in their first group and say something of it in an optional second one, where ordinary
   * lines do not.
   */
  recipient?: readonly RegExp[]
  /** Fields of the report that say something about the failure. */
  heeds?: readonly string[]
  /** What this software's own words and codes mean; asked before all other rules. */
  rules?: readonly TextRules[]
}
