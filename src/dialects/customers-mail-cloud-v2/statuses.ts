import type { BounceReason } from '../../bounces/conclusion.ts'
import type { Reason } from '../../suppression/changing/change.ts'
import type { BounceCause } from './parts.ts'

/** The vendor's numbers for why a mail did not arrive. */
export const BOUNCE_STATUSES = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '99'] as const
export type BounceStatus = (typeof BOUNCE_STATUSES)[number]

const BLOCKED = '10'
const UNSUBSCRIBED = '11'

const OF_REASON: Record<BounceReason, BounceStatus> = {
  'host-unknown': '1',
  'user-unknown': '2',
  moved: '2',
  disabled: '2',
  temporary: '3',
  network: '3',
  greylisted: '3',
  'rate-limited': '3',
  expired: '3',
  refused: '4',
  authentication: '4',
  reputation: '4',
  'block-list': '4',
  'reverse-dns': '4',
  content: '4',
  virus: '4',
  policy: '4',
  sender: '4',
  'mailbox-full': '5',
  relaying: '7',
  system: '7',
  syntax: '7',
  'too-large': '8',
  suppressed: '10',
  unknown: '99',
}

/** RFC 3463 §3.2, §3.3, §3.5: distinctions that our reasons do not make. */
const OF_CODE: Readonly<Record<string, BounceStatus>> = {
  '5.1.3': '9',
  '5.2.4': '6',
  '5.4.6': '6',
}

/** The status of a block, by the reason for which somebody is on a list. */
const OF_LISTING: Partial<Record<Reason, BounceStatus>> = {
  'host-unknown': '1',
  'user-unknown': '2',
  moved: '2',
  disabled: '2',
  refused: '4',
}

export function statusOfBounce(cause: BounceCause): BounceStatus {
  if (cause === 'unsubscribed') return UNSUBSCRIBED
  if (cause === 'blocked') return BLOCKED
  return OF_CODE[cause.status ?? ''] ?? OF_REASON[cause.reason]
}

export function statusOfBlock(reason: string): BounceStatus {
  return OF_LISTING[reason as Reason] ?? '99'
}

/** Where to look for bounces of this status. */
export function causesOf(status: BounceStatus | undefined): 'all' | 'lists' | 'replies' {
  if (status === undefined || status === BLOCKED) return 'all'
  return status === UNSUBSCRIBED ? 'lists' : 'replies'
}
