import type { Writable } from 'node:stream'
import { styleText } from 'node:util'
import { Failure } from '../failure.ts'

/** One step of a story as it happened. */
interface Step {
  title: string
  /** What was seen, by label. */
  evidence: Record<string, string>
  /** What was claimed and found to hold. */
  checks: string[]
}

/** Tells a story step by step while it happens, and checks it. */
export interface Account {
  readonly steps: readonly Step[]
  /** Runs a step. Rejects when a claim in it does not hold, or when it makes none. */
  step<T>(title: string, play: () => Promise<T>): Promise<T>
  show(label: string, value: string): void
  /** Ends the story when the claim does not hold. */
  check(claim: string, holds: boolean): void
}

export function startAccount(stream: Writable): Account {
  const steps: Step[] = []
  const paint = (colour: 'bold' | 'dim' | 'green' | 'red', text: string) =>
    styleText(colour, text, { stream })
  const say = (line: string) => stream.write(`${line}\n`)
  const current = () => steps.at(-1) as Step
  return {
    steps,
    step: async (title, play) => {
      steps.push({ title, evidence: {}, checks: [] })
      say(paint('bold', `${String(steps.length).padStart(2)}. ${title}`))
      const result = await play().catch((cause: Error) => {
        throw new Failure(1, `step ${steps.length} (${title}): ${cause.message}`, { cause })
      })
      if (current().checks.length === 0)
        throw new Failure(1, `step ${steps.length} (${title}) checked nothing`)
      return result
    },
    show: (label, value) => {
      current().evidence[label] = value
      say(`    ${paint('dim', label.padEnd(12))} ${value.replace(/\n(?=.)/g, `\n${' '.repeat(17)}`)}`)
    },
    check: (claim, holds) => {
      say(`    ${holds ? paint('green', 'ok') : paint('red', 'NOT SO')}  ${claim}`)
      if (!holds) throw new Error(`it is not so that ${claim}`)
      current().checks.push(claim)
    },
  }
}
