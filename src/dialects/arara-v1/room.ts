import { DomainError } from '../../kernel/domain-error.ts'

/** Waits until so many octets are free and takes them; answers what gives them back. */
export type Room = (octets: number) => Promise<() => void>

/**
 * Bounds what may be held in memory at a time. Whoever finds no room waits for it, first come, first served; after
 * `longestMs` the call throws DomainError `unavailable`.
 */
export function createRoom(octets: number, longestMs: number): Room {
  let left = octets
  const waiting: { wanted: number; enter(): void }[] = []
  const admit = () => {
    for (let [next] = waiting; next && next.wanted <= left; [next] = waiting) {
      waiting.shift()
      left -= next.wanted
      next.enter()
    }
  }
  return async (wanted) => {
    await new Promise<void>((resolve, reject) => {
      const giveUp = setTimeout(() => {
        waiting.splice(waiting.indexOf(visitor), 1)
        reject(new DomainError('unavailable', 'there was no room'))
        admit()
      }, longestMs)
      const enter = () => {
        clearTimeout(giveUp)
        resolve()
      }
      const visitor = { wanted, enter }
      waiting.push(visitor)
      admit()
    })
    let holds = true
    return () => {
      if (!holds) return
      holds = false
      left += wanted
      admit()
    }
  }
}
