import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Conclusion } from '../../src/bounces/conclusion.ts'

const FOLDER = join(import.meta.dirname, 'corpus')

export interface Sample {
  name: string
  raw: Buffer
  /** What is to be concluded from it: only what is named counts. */
  expected: Outcome
}

/** What a conclusion comes to, in the shape of the corpus. */
export interface Outcome {
  kind: Conclusion['kind']
  recipients?: unknown
  feedbackType?: string
  isAgainstUs?: boolean
}

/** The messages in `corpus/`, each with what lies beside it. */
export const SAMPLES: readonly Sample[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.eml'))
  .map((file) => {
    const name = file.replace('.eml', '')
    return {
      name,
      raw: readFileSync(join(FOLDER, file)),
      expected: JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')),
    }
  })

export function outcomeOf(conclusion: Conclusion): Outcome {
  switch (conclusion.kind) {
    case 'bounce':
      return {
        kind: 'bounce',
        recipients: conclusion.recipients.map(({ address, class: class_, reason }) => ({
          address,
          class: class_,
          reason,
        })),
      }
    case 'complaint': {
      const { kind, feedbackType, isAgainstUs, recipients } = conclusion
      return { kind, feedbackType, isAgainstUs, recipients }
    }
    case 'delay':
      return { kind: 'delay', recipients: conclusion.recipients }
    default:
      return { kind: conclusion.kind }
  }
}
