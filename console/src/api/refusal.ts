/** What the server refuses, as it words it (RFC 9457). */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly code: string
  readonly field: string | undefined
  readonly errors: readonly { field?: string; detail: string }[]

  constructor(status: number, problem: Problem) {
    super(problem.detail ?? `HTTP ${status}`)
    this.status = status
    this.code = problem.code ?? 'internal'
    this.field = problem.field
    this.errors = problem.errors ?? []
  }
}

interface Problem {
  detail?: string
  code?: string
  field?: string
  errors?: { field?: string; detail: string }[]
}

export async function readRefusal(response: Response): Promise<Refusal> {
  const problem = (await response.json().catch(() => ({}))) as Problem
  return new Refusal(response.status, problem)
}
