import type { Stop } from '../../suppression/changing/change.ts'

/**
 * What a relay's last word on a message says: of its recipient, for good (`hard`) or for now (`soft`), or against the
 * sender (`ours`). Plain data, since it may have to wait in a file.
 */
export type Refusal =
  /** `stop` names the list `hard-bounces`. */
  { class: 'hard' | 'soft'; serviceId: number; stop: Omit<Stop, 'kind'> } | { class: 'ours' }
