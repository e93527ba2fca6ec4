import { MOST_RECIPIENTS } from '../../delivery/accept/delivery-request.ts'
import { mistake } from './failure.ts'
import { type Line, nameOf, readLines } from './input.ts'

export interface Recipient {
  to: string
  substitutions?: Record<string, string>
  unsubscribeUrl?: string
}

/** Recipients of a file, as many at a time as one delivery takes: one address or one JSON object a line. */
export async function* readRecipients(file: string): AsyncGenerator<Recipient[]> {
  const batch: Recipient[] = []
  for await (const lines of readLines(file)) {
    batch.push(...lines.map((line) => toRecipient(line, file)))
    while (batch.length > MOST_RECIPIENTS) yield batch.splice(0, MOST_RECIPIENTS)
  }
  if (batch.length > 0) yield batch
}

function toRecipient({ number, text }: Line, file: string): Recipient {
  if (!text.startsWith('{')) return { to: text }
  try {
    return JSON.parse(text) as Recipient
  } catch (cause) {
    throw mistake(`${nameOf(file)}: line ${number} is not JSON`, cause)
  }
}
