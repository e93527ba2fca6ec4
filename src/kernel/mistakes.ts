import type { z } from 'zod'
import { DomainError } from './domain-error.ts'

/** Nobody reads more than this, and a body can hold millions of mistakes. */
const MOST_TOLD = 100

/** Everything that is wrong with a request, reported at once. As a DomainError it stands for the first of them. */
export class Mistakes extends DomainError {
  readonly all: readonly DomainError[]

  constructor(first: DomainError, others: readonly DomainError[]) {
    super(first.code, first.message, first.field === undefined ? {} : { field: first.field })
    this.all = [first, ...others]
  }
}

/** Throws the mistakes gathered: nothing if there are none, a single one as it is, several as `Mistakes`. */
export function refuseIfAny(mistakes: readonly DomainError[]): void {
  const [first, ...others] = mistakes
  if (first) throw others.length > 0 ? new Mistakes(first, others) : first
}

/** The mistakes that an error stands for. */
export function mistakesOf(error: DomainError): readonly DomainError[] {
  return error instanceof Mistakes ? error.all : [error]
}

/**
 * Reads input by a schema. Throws DomainError `invalid-value`, `unknown-field`, or the code that a check of the schema
 * names (`params: { code }`), each with the path of its field (`recipients[3].to`). No message repeats a value.
 */
export function readInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input, { error: sayMissing })
  if (!result.success) refuseIfAny(result.error.issues.slice(0, MOST_TOLD).flatMap(toErrors))
  return result.data as z.output<S>
}

/** The words for a missing value where a schema has none of its own. */
const sayMissing: z.core.$ZodErrorMap = ({ code, input }) =>
  code === 'invalid_type' && input === undefined ? 'is missing' : undefined

function toErrors(issue: z.core.$ZodIssue): DomainError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const field = fieldOf([...issue.path, key])
      return new DomainError('unknown-field', `there is no field ${field}`, { field })
    })
  }
  const code = issue.code === 'custom' ? (issue.params?.['code'] ?? 'invalid-value') : 'invalid-value'
  const field = fieldOf(issue.path)
  return [new DomainError(code, issue.message, field === '' ? {} : { field })]
}

/** `recipients[3].to` for `['recipients', 3, 'to']`. */
function fieldOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((field, step) => {
    if (typeof step === 'number') return `${field}[${step}]`
    return field === '' ? String(step) : `${field}.${String(step)}`
  }, '')
}
