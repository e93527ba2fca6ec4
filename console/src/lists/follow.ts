import { api, bodyOf } from '../api/client.ts'
import { Refusal } from '../api/refusal.ts'
import { hasEnded, type ImportView } from './upload.ts'

const [FIRST_DELAY_MS, LONGEST_DELAY_MS] = [500, 10_000]

interface Follower {
  onView(view: ImportView): void
  /** The connection is lost; the server's work goes on. */
  onLost(): void
  /** The import cannot be followed any longer. */
  onRefused(error: Refusal): void
}

/**
 * Follows an import to its end, through lost connections, restarts of the server and expired sessions. A browser by
 * itself gives up at the first answer that is an error, so the import is requested once more before following resumes;
 * that request also asks a person who was signed out to sign in again in place. Answers a function that stops the
 * following.
 */
export function follow(service: number, id: number, { onView, onLost, onRefused }: Follower): () => void {
  let stopped = false
  let events: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let delay = FIRST_DELAY_MS

  const show = (view: ImportView) => {
    if (stopped) return
    delay = FIRST_DELAY_MS
    if (hasEnded(view)) stop()
    onView(view)
  }
  const listen = () => {
    events = new EventSource(`/api/v1/services/${service}/imports/${id}/progress`)
    events.onmessage = ({ data }) => show(JSON.parse(data as string) as ImportView)
    events.onerror = () => {
      events?.close()
      if (!stopped) later()
    }
  }
  const later = () => {
    onLost()
    timer = setTimeout(() => void again(), delay)
    delay = Math.min(2 * delay, LONGEST_DELAY_MS)
  }
  const again = async () => {
    try {
      const path = { service, id }
      show(await bodyOf(api.GET('/api/v1/services/{service}/imports/{id}', { params: { path } })))
      if (!stopped) listen()
    } catch (error) {
      if (stopped) return
      if (error instanceof Refusal && error.status < 500) {
        stop()
        onRefused(error)
      } else later()
    }
  }
  const stop = () => {
    stopped = true
    clearTimeout(timer)
    events?.close()
  }
  listen()
  return stop
}
