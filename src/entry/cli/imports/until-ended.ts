import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiClient } from '../api-client.ts'
import { startProgress } from '../progress.ts'
import { type ImportView, progressLine } from './import-view.ts'

const POLL_MS = 200
const UNDER_WAY = ['receiving', 'queued', 'running', 'undoing']

/** Waits until an import, or its undoing, has come to its end. `path` is the import's. */
export async function untilEnded(api: ApiClient, path: string): Promise<ImportView> {
  const progress = startProgress()
  try {
    for (;;) {
      const view = await api.get<ImportView>(path)
      if (!UNDER_WAY.includes(view.state)) return view
      progress.show(progressLine(view))
      await sleep(POLL_MS)
    }
  } finally {
    progress.end()
  }
}
