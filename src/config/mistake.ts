/** One thing wrong with the configuration. The message never repeats a value: any of them may hold a password. */
export type Mistake = { variable: string; message: string }

/** Every mistake of the configuration at once. The process cannot start with it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly mistakes: readonly Mistake[]

  constructor(mistakes: readonly Mistake[], options: { cause?: unknown } = {}) {
    super(mistakes.map(({ variable, message }) => `${variable}: ${message}`).join('\n'), options)
    this.mistakes = mistakes
  }
}

/** Thrown by the parser of one value; `toConfig` adds the name of the variable and goes on with the next. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  /** Everything that is wrong with the value. */
  readonly reasons: readonly string[]

  constructor(reasons: readonly string[]) {
    super(reasons.join('\n'))
    this.reasons = reasons
  }
}

/** Refuses the value at hand, e.g. in `parse(text) ?? refuse('is not a port')`. */
export function refuse(reason: string): never {
  throw new Refusal([reason])
}

/** Refuses the value at hand for all that is wrong with it, e.g. `[port === 0 && 'has no port']`; takes it otherwise. */
export function refuseFor(reasons: readonly (string | false)[]): void {
  const found = reasons.filter((reason) => reason !== false)
  if (found.length > 0) throw new Refusal(found)
}
