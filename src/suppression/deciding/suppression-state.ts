/**
 * The state of a recipient who is or was on a list, in the words of searches and files: `active` excludes now,
 * `expired` did until its lifetime ended, `resumed` was made deliverable again.
 */
export const SUPPRESSION_STATES = ['active', 'resumed', 'expired'] as const

export type SuppressionState = (typeof SUPPRESSION_STATES)[number]
