import type { BounceReason } from '../../bounces/conclusion.ts'
import { type Parties, unlessAboutSender } from '../../bounces/judging/blames-sender.ts'
import { classify } from '../../bounces/judging/classify.ts'

/** What the reply of a message that was given up begins with. */
export const GIVEN_UP = 'given up: '

/** Why a message failed, judged by what was kept of the relay's last reply. */
export function whyFailed(
  reply: string | null,
  parties: Parties,
): { reason: BounceReason; status: string | null } {
  if (reply?.startsWith(GIVEN_UP)) return { reason: 'expired', status: null }
  const { reason, status } = unlessAboutSender(classify({ said: reply ?? '' }), parties)
  return { reason, status }
}
