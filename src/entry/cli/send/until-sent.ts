import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiClient } from '../api-client.ts'
import { startProgress } from '../progress.ts'

const POLL_MS = 200

interface Delivery {
  messages: Record<string, number>
}

/** Waits until no message of the deliveries is queued or on its way; answers how many are in each state. */
export async function untilSent(
  api: ApiClient,
  path: string,
  deliveries: readonly number[],
): Promise<Record<string, number>> {
  const progress = startProgress()
  const total: Record<string, number> = {}
  try {
    for (const id of deliveries) {
      const messages = await settled(api, `${path}/${id}`, (counts) =>
        progress.show(`delivery ${id}: ${counts}`),
      )
      for (const [state, count] of Object.entries(messages)) total[state] = (total[state] ?? 0) + count
    }
  } finally {
    progress.end()
  }
  return total
}

async function settled(
  api: ApiClient,
  path: string,
  onCounts: (counts: string) => void,
): Promise<Record<string, number>> {
  for (;;) {
    const { messages } = await api.get<Delivery>(path)
    if (!messages['queued'] && !messages['sending']) return messages
    const counts = Object.entries(messages).map(([state, count]) => `${count} ${state}`)
    onCounts(counts.join(', '))
    await sleep(POLL_MS)
  }
}
