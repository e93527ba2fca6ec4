import type { BounceReason } from '../bounces/conclusion.ts'
import { classify } from '../bounces/judging/classify.ts'

/** How `attempt.ts` begins what it writes of a message that it no longer tries. */
const GIVEN_UP = 'given up: '

/** Why a message failed, by what was kept of the relay's last answer. */
export function whyFailed(reply: string | null): { reason: BounceReason; status: string | null } {
  if (reply?.startsWith(GIVEN_UP)) return { reason: 'expired', status: null }
  const { reason, status } = classify({ said: reply ?? '' })
  return { reason, status }
}
