import { createHash } from 'node:crypto'
import { DAY_MS } from '../kernel/clock.ts'
import type { InboundMail, Judgement } from './inbound-mail.ts'

/**
 * Whether a mail is a wish: anybody who holds an address or link can send one at will, and nobody has to read it twice.
 */
export function isWish(outcome: Judgement['outcome']): boolean {
  return outcome === 'unsubscribed' || outcome === 'joined' || outcome === 'asked'
}

const MOST_REMEMBERED = 20_000

/**
 * Remembers for which wishes and automatic answers this process kept the mail itself today (UTC): the same bytes, or
 * the same wish of one person, need not be kept again. Every other mail is kept each time.
 */
export function createKeptAlready() {
  let day = 0
  const seen = new Set<string>()
  const keysOf = (raw: Buffer, { outcome, serviceId, address, detail }: Judgement): string[] => {
    if (!isWish(outcome) && outcome !== 'nothing') return []
    const bytes = `${outcome} ${createHash('sha256').update(raw).digest('base64')}`
    const wish = `${outcome} ${serviceId} ${detail['list'] ?? ''} ${address}`
    return isWish(outcome) && address !== null ? [bytes, wish] : [bytes]
  }
  return {
    has: ({ raw, receivedAt }: InboundMail, judgement: Judgement): boolean => {
      const today = Math.floor(receivedAt / DAY_MS)
      if (today > day || seen.size > MOST_REMEMBERED) seen.clear()
      day = Math.max(day, today)
      return keysOf(raw, judgement).some((key) => seen.has(key))
    },
    add: ({ raw }: InboundMail, judgement: Judgement): void => {
      for (const key of keysOf(raw, judgement)) seen.add(key)
    },
  }
}
