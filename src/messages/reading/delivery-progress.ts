import type { DeliveryView } from '../delivery-store.ts'

/** How far a delivery is with the recipients whom it mails; excluded ones do not count. */
export type DeliveryProgress = 'waiting' | 'sending' | 'done' | 'failed' | 'cancelled'

/** `failed` when nobody got it, `done` when anybody did, `sending` from the first attempt to the last. */
export function progressOf({ state, messages }: Pick<DeliveryView, 'state' | 'messages'>): DeliveryProgress {
  const { queued = 0, sending = 0, sent = 0, kept = 0, failed = 0 } = messages
  if (state === 'cancelled') return 'cancelled'
  const begun = sending + sent + kept + failed > 0
  if (queued + sending > 0) return begun ? 'sending' : 'waiting'
  return failed > 0 && sent + kept === 0 ? 'failed' : 'done'
}
