import { Agent, type IncomingMessage, request } from 'node:http'
import type { Readable } from 'node:stream'
import { json } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { Failure } from './failure.ts'
import type { CliHost, Connection } from './host.ts'

/** A refusal as the server words it (RFC 9457), with whatever else it says. */
export interface Problem {
  detail: string
  code?: string
  field?: string
  errors?: { field?: string; detail: string }[]
}

type Query = Record<string, string | number | boolean | undefined>

export interface ApiClient {
  /** False when this process works on its own, which sends no mail. */
  readonly serverRuns: boolean
  get<T>(path: string, query?: Query): Promise<T>
  /** Undefined for an answer without a body. */
  post<T>(path: string, body?: object, query?: Query): Promise<T>
  patch<T>(path: string, body: object): Promise<T>
  delete(path: string, query?: Query): Promise<void>
  /**
   * The answer as it comes. A stream as body is written while the answer is read. Streams may take hours, so nothing
   * times out: a server that dies closes the connection.
   */
  stream(call: StreamCall): Promise<Readable>
}

export interface StreamCall {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  path: string
  query?: Query
  body?: { type: string; content: string | Readable }
}

const MISTAKEN_CODES = /^(invalid-|unknown-|malformed-|unreadable-|too-|from-not-allowed$)/

/** The server said no. One line for everything that is wrong with the request, the field first. */
export class Refused extends Failure {
  /** Of the first mistake. */
  readonly field: string | undefined
  readonly problem: Problem

  constructor(problem: Problem) {
    const { code = '', errors, ...only } = problem
    const lines = (errors ?? [only]).map(({ field, detail }) => (field ? `${field}: ${detail}` : detail))
    super(MISTAKEN_CODES.test(code) ? 2 : 1, lines.join('\n'))
    this.field = only.field
    this.problem = problem
  }
}

/** The server is not there, whatever it is asked. */
export class Unreachable extends Failure {}

/** Reaches the installation for as long as `work` takes. Rejects with a Failure for whatever the server refuses. */
export async function withApi<T>(host: CliHost, work: (api: ApiClient) => Promise<T>): Promise<T> {
  const connection = await host.connect()
  const agent = new Agent({ keepAlive: true })
  try {
    return await work(createApiClient(connection, agent))
  } finally {
    agent.destroy()
    await connection.close()
  }
}

function createApiClient({ url, token, serverRuns }: Connection, agent: Agent): ApiClient {
  const call = async ({ method, path, query = {}, body }: StreamCall): Promise<IncomingMessage> => {
    const target = new URL(`/api/v1${path}`, url)
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) target.searchParams.set(name, String(value))
    }
    const response = await exchange(target, agent, method, token, body)
    if ((response.statusCode ?? 500) < 400) return response
    throw new Refused(await readProblem(response))
  }
  const change = async <T>(method: 'POST' | 'PATCH', path: string, given: object, query?: Query) => {
    const body = { type: 'application/json', content: JSON.stringify(given) }
    const response = await call({ method, path, body, ...(query && { query }) })
    if (response.statusCode !== 204) return (await json(response)) as T
    response.resume()
    return undefined as T
  }
  return {
    serverRuns,
    get: async <T>(path: string, query: Query = {}) =>
      (await json(await call({ method: 'GET', path, query }))) as T,
    post: (path, given = {}, query) => change('POST', path, given, query),
    patch: (path, given) => change('PATCH', path, given),
    delete: async (path, query = {}) => {
      const response = await call({ method: 'DELETE', path, query })
      response.resume()
    },
    stream: call,
  }
}

function exchange(
  target: URL,
  agent: Agent,
  method: string,
  token: string,
  body: StreamCall['body'],
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      accept: 'application/json, application/x-ndjson',
      ...(body && { 'content-type': body.type }),
    }
    const outgoing = request(target, { method, agent, headers })
    outgoing.once('response', resolve)
    outgoing.once('error', (cause) => reject(unreachable(cause)))
    if (!body) outgoing.end()
    else if (typeof body.content === 'string') outgoing.end(body.content)
    // A failing input fails the whole call; a broken connection shows in the answer.
    else pipeline(body.content, outgoing).catch(reject)
  })
}

async function readProblem(response: IncomingMessage): Promise<Problem> {
  const fallback = { detail: `the server answered ${response.statusCode}` }
  const problem = (await json(response).catch(() => undefined)) as Partial<Problem> | undefined
  return { ...fallback, ...problem }
}

function unreachable(cause: Error): Unreachable {
  const { code } = cause as NodeJS.ErrnoException
  const what = code === 'ECONNREFUSED' ? 'does not answer; it may be starting or stopping' : 'went away'
  return new Unreachable(1, `the server ${what} (${code ?? cause.message})`, { cause })
}
