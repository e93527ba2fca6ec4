import type { AttemptResult } from '../../messages/sending/settle-attempts.ts'
import type { MessageTable } from '../../storage/mail-tables.ts'
import { type LoadedMail, mailLoader } from '../content/load-mail.ts'
import { putBackAttempt } from './attempt.ts'
import type { Dispatch } from './dispatch.ts'
import { type Attempt, type PlanParts, planAttempts } from './plan-attempts.ts'
import type { PutBackAfter } from './put-back-after.ts'

export interface CarryParts extends PlanParts {
  dispatch: Pick<Dispatch, 'send'>
  /** Resolves once the result is on disk. Never rejects. */
  settle(result: AttemptResult): Promise<void>
  putBackAfter: PutBackAfter
}

const MOST_BYTES_UNDER_WAY = 64 * 1024 * 1024

/**
 * Sees claimed messages through, each to exactly one result: loads their mails, asks the lists again, and dispatches.
 * Whoever opted out since the delivery was accepted is not mailed; when that cannot be found out, the messages go back
 * to the queue. Never rejects.
 */
export function createCarry(parts: CarryParts): (messages: readonly MessageTable[]) => Promise<void> {
  const { dispatch, settle, putBackAfter } = parts
  const loader = mailLoader(parts.database)
  let bytes = 0

  const putBackAll = (error: unknown, messages: Iterable<MessageTable>) =>
    Promise.all([...messages].map((message) => settle(putBackAfter(error, message))))

  const carryOfService = async (
    serviceId: number,
    messages: readonly MessageTable[],
    mails: ReadonlyMap<number, LoadedMail>,
  ) => {
    let attempts: Attempt[]
    try {
      attempts = await planAttempts(parts, mails, serviceId, messages)
    } catch (error) {
      // A failure for one service holds up no other service's mail.
      return putBackAll(error, messages)
    }
    // Paused or cancelled since it was claimed: the statement that writes the result goes by the delivery's state.
    const carryOne = (attempt: Attempt) =>
      attempt.mail.state === 'active'
        ? dispatch.send(attempt)
        : settle(putBackAttempt(parts, attempt, attempt.message.due_at))
    return Promise.all(attempts.map(carryOne))
  }

  const carryGroup = async (messages: readonly MessageTable[], mails: ReadonlyMap<number, LoadedMail>) => {
    const services = Map.groupBy(messages, ({ service_id }) => service_id)
    await Promise.all([...services].map(([serviceId, own]) => carryOfService(serviceId, own, mails)))
  }

  return async (messages) => {
    const waiting = new Set(messages)
    const groups: Promise<void>[] = []
    try {
      for await (const mails of loader.load(messages)) {
        const own = messages.filter(({ content_id }) => mails.has(content_id))
        for (const message of own) waiting.delete(message)
        const size = [...mails.values()].reduce((sum, mail) => sum + mail.size, 0)
        bytes += size
        const carried = carryGroup(own, mails).finally(() => {
          bytes -= size
        })
        groups.push(carried)
        if (bytes > MOST_BYTES_UNDER_WAY) await carried
      }
      if (waiting.size > 0) await putBackAll(new Error('messages have no content'), waiting)
    } catch (error) {
      await putBackAll(error, waiting)
    }
    await Promise.all(groups)
  }
}
