import { DAY_MS } from '../../src/kernel/clock.ts'

/** The rules of suppression as plainly as they can be said, for comparison with the engine. */
export interface ModelRow {
  address: string
  active: boolean
  since: number
  requestedAt: number
  resumedAt: number | null
  removed: boolean
  messageId: string | null
  /** The time of the last change, later than that of the one before it. */
  changedAt: number
}

export interface ModelEvent {
  kind: 'stop' | 'resume' | 'remove'
  address: string
  requestedAt: number
  messageId: string | null
  olderMail: boolean
  before: (Omit<ModelRow, 'address' | 'changedAt'> & { excluded: boolean }) | null
}

export interface ModelRequest {
  kind: 'stop' | 'resume' | 'remove'
  list: number
  address: string
  requestedAt: number
  messageId: string | null
  mailedAt: number | null
}

export class Model {
  readonly lifetimes: (number | null)[]
  readonly rows = new Map<string, ModelRow>()
  readonly events = new Map<string, ModelEvent[]>()

  constructor(lifetimes: (number | null)[]) {
    this.lifetimes = lifetimes
  }

  isExcluded(address: string, list: number, now: number): boolean {
    const row = this.rows.get(keyOf(address, list))
    return row?.active === true && !this.#hasLapsed(row, list, now)
  }

  /** Answers whether the recipient is somewhere else afterwards. */
  carryOut(request: ModelRequest, now: number): boolean {
    return request.kind === 'stop' ? this.#stop(request, now) : this.#lift(request, now)
  }

  purge(now: number): number {
    let count = 0
    for (const [key, row] of this.rows) {
      const lapsed = row.active && this.#hasLapsed(row, Number(key.split(' ')[1]), now - 30 * DAY_MS)
      if (!lapsed || row.changedAt > now - 30 * DAY_MS) continue
      this.rows.delete(key)
      count++
    }
    return count
  }

  #hasLapsed(row: ModelRow, list: number, now: number): boolean {
    const lifetime = this.lifetimes[list] ?? null
    return lifetime !== null && row.requestedAt + lifetime <= now
  }

  #stop(request: ModelRequest, now: number): boolean {
    const { address, list, requestedAt, messageId } = request
    const row = this.rows.get(keyOf(address, list))
    // A request that is older than one which has lapsed begins nothing: it has lapsed too.
    if (row?.active && (this.isExcluded(address, list, now) || requestedAt <= row.requestedAt)) {
      if (messageId !== null && messageId !== row.messageId) {
        this.#tell(request, now)
        row.messageId = messageId
        row.address = address
        row.changedAt = Math.max(now, row.changedAt + 1)
      }
      row.requestedAt = Math.max(row.requestedAt, requestedAt)
      return false
    }
    this.#tell(request, now)
    this.rows.set(keyOf(address, list), {
      address,
      active: true,
      since: requestedAt,
      requestedAt,
      resumedAt: row?.resumedAt ?? null,
      removed: false,
      messageId,
      changedAt: row ? Math.max(now, row.changedAt + 1) : now,
    })
    return true
  }

  #lift(request: ModelRequest, now: number): boolean {
    const row = this.rows.get(keyOf(request.address, request.list))
    if (!row || !(row.active || (request.kind === 'remove' && !row.removed))) return false
    this.#tell(request, now)
    row.active = false
    row.removed = request.kind === 'remove'
    row.resumedAt = request.requestedAt
    row.changedAt = Math.max(now, row.changedAt + 1)
    return true
  }

  #tell({ kind, address, list, requestedAt, messageId, mailedAt }: ModelRequest, now: number): void {
    const key = keyOf(address, list)
    const row = this.rows.get(key)
    const { address: _, changedAt: __, ...before } = row ?? {}
    const events = this.events.get(key) ?? []
    events.push({
      kind,
      address,
      requestedAt,
      messageId,
      olderMail: mailedAt !== null && row?.resumedAt != null && row.resumedAt > mailedAt,
      before: row
        ? {
            ...(before as Omit<ModelRow, 'address' | 'changedAt'>),
            excluded: this.isExcluded(address, list, now),
          }
        : null,
    })
    this.events.set(key, events)
  }
}

/** The model's addresses differ in nothing but case. */
export function keyOf(address: string, list: number): string {
  return `${address.toLowerCase()} ${list}`
}
