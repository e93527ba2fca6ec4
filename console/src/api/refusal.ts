import type { Mistake } from '../refusals/describe-refusal.ts'
import type { paths } from './schema.d.ts'

type Problem = paths['/api/v1/me']['get']['responses']['default']['content']['application/problem+json']

/** A proxy between the browser and the server sometimes answers by itself, in words of its own. */
const CODE_OF: Readonly<Record<number, Problem['code']>> = {
  413: 'too-large',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
}

/** A refusal in the server's words (RFC 9457). */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly code: Problem['code']
  /** Everything that is wrong, reported at once. */
  readonly mistakes: readonly Mistake[]

  constructor(status: number, problem: Partial<Problem>) {
    const { code = CODE_OF[status] ?? 'internal', detail = '', field, errors } = problem
    super(detail || `HTTP ${status}`)
    this.status = status
    this.code = code
    this.mistakes = errors ?? [{ code, field, detail }]
  }
}

export async function readRefusal(response: Response): Promise<Refusal> {
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>
  return new Refusal(response.status, problem)
}
