import { setTimeout as sleep } from 'node:timers/promises'
import { Failure, type Problem } from './failure.ts'

/** Which Kaijo to ask, and as whom. */
export interface ClientOptions {
  /** Where it answers, e.g. `http://127.0.0.1:8080`. */
  url: string | URL
  /** Of an API user with the permissions `view` and `send`. */
  key: string
  /** The number of the service that mails. */
  service: number | string
  /** The API user's name; needed only when several have the same key. */
  user?: string
  /** How long one call may take, in milliseconds: 10,000 unless given. */
  timeoutMs?: number
}

/** Calls of the native API; paths are relative to the service's. Each rejects with a Failure. */
export interface Client {
  get<T>(path: string, signal?: AbortSignal): Promise<T>
  post<T>(path: string, body: object, signal?: AbortSignal): Promise<T>
  /**
   * A call that is never repeated, because a repeat would be answered differently: when the connection breaks, it may
   * have been carried out. An answer without a body is undefined.
   */
  once<T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<T>
  /** Sends or gets a file of any size: it is never repeated, and no time limit ends it. */
  transfer(path: string, init: RequestInit): Promise<Response>
}

const TIMEOUT_MS = 10_000
const REPEAT_AFTER_MS = 50

/** Throws a Failure with `EKAIJOCONFIG` for options that cannot work. */
export function createClient({ url, key, service, user, timeoutMs = TIMEOUT_MS }: ClientOptions): Client {
  if (!/^https?:/.test(String(url)) || !URL.canParse(url)) throw config('url', 'must be an http or https URL')
  if (!/^[1-9]\d*$/.test(String(service))) throw config('service', 'must be the number of a service')
  if (typeof key !== 'string' || key === '') throw config('key', 'must be the key of an API user')
  const base = new URL(`${String(url).replace(/\/+$/, '')}/api/v1/services/${service}`)
  const authorization =
    user === undefined ? `Bearer ${key}` : `Basic ${Buffer.from(`${user}:${key}`).toString('base64')}`
  const headers = { authorization, accept: 'application/json' }

  const call = async <T>(
    path: string,
    init: RequestInit,
    { signal, isRepeated = true }: { signal?: AbortSignal | undefined; isRepeated?: boolean },
  ): Promise<T> => {
    const limit = AbortSignal.timeout(timeoutMs)
    const request = {
      headers,
      redirect: 'error',
      ...init,
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    }
    const ask = () => fetch(`${base.href}${path}`, request as RequestInit)
    try {
      const response = await ask().catch(async (error: unknown) => {
        // A connection that was kept alive may have ended meanwhile. Most calls may be repeated: a delivery has its
        // requestId.
        if (request.signal.aborted || !isRepeated) throw error
        await sleep(REPEAT_AFTER_MS)
        return ask()
      })
      if (!response.ok) throw await refusal(response)
      return (response.status === 204 ? undefined : await response.json()) as T
    } catch (cause) {
      if (cause instanceof Failure) throw cause
      signal?.throwIfAborted()
      throw new Failure('EKAIJOUNAVAILABLE', `Kaijo at ${base.origin} ${symptom(cause, timeoutMs)}`, {
        cause,
      })
    }
  }
  const transfer = async (path: string, init: RequestInit): Promise<Response> => {
    const request = { redirect: 'error', ...init, headers: { ...headers, ...init.headers } }
    try {
      const response = await fetch(`${base.href}${path}`, request as RequestInit)
      if (response.ok) return response
      throw await refusal(response)
    } catch (cause) {
      if (cause instanceof Failure) throw cause
      init.signal?.throwIfAborted()
      const why = `Kaijo at ${base.origin} ${symptom(cause, timeoutMs)}`
      throw new Failure('EKAIJOUNAVAILABLE', why, { cause })
    }
  }
  const asJson = (body: object) => ({
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return {
    get: (path, signal) => call(path, {}, { signal }),
    post: (path, body, signal) => call(path, { method: 'POST', ...asJson(body) }, { signal }),
    once: (method, path, body) => call(path, { method, ...(body && asJson(body)) }, { isRepeated: false }),
    transfer,
  }
}

async function refusal(response: Response): Promise<Failure> {
  const { status } = response
  const said = (await response.json().catch(() => ({}))) as Partial<Problem>
  const problem = { code: 'unknown', detail: `it answered ${status}`, ...said, status }
  const where = problem.field === undefined ? '' : `${problem.field}: `
  return new Failure(codeOf(problem), `Kaijo: ${where}${problem.detail}`, { problem })
}

function codeOf({ status, code }: Problem): Failure['code'] {
  if (status >= 500) return 'EKAIJOUNAVAILABLE'
  if (status === 401 || status === 403) return 'EKAIJOAUTH'
  return code === 'request-id-reused' ? 'EKAIJOREPEATED' : 'EKAIJOREFUSED'
}

function symptom(error: unknown, timeoutMs: number): string {
  const { name, message, cause } = error as Error
  if (name === 'TimeoutError') return `did not answer within ${timeoutMs} ms`
  if (error instanceof SyntaxError) return 'gave an answer that cannot be read'
  const { code } = (cause ?? {}) as { code?: string }
  return `cannot be reached (${code ?? message})`
}

function config(option: string, message: string): Failure {
  return new Failure('EKAIJOCONFIG', `kaijo: ${option} ${message}`)
}
