import type { Readable } from 'node:stream'
import { type Problem, Refused } from './api-client.ts'
import { Failure } from './failure.ts'

/**
 * The lines of an NDJSON answer as they come, some at a time. Rejects with a Failure when the answer has a line
 * `{"problem"}` or breaks off.
 */
export async function* readAnswer<T extends object>(answer: Readable): AsyncGenerator<T[]> {
  const decoder = new TextDecoder()
  let begun = ''
  try {
    for await (const chunk of answer) {
      const lines = (begun + decoder.decode(chunk as Buffer, { stream: true })).split('\n')
      begun = lines.pop() ?? ''
      if (lines.length > 0) yield lines.map((line) => parse<T>(line))
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause
    throw new Failure(1, 'the answer of the server broke off', { cause })
  }
  if (begun !== '') throw new Failure(1, 'the answer of the server broke off')
}

function parse<T extends object>(line: string): T {
  const value = JSON.parse(line) as T | { problem: Problem }
  if ('problem' in value) throw new Refused(value.problem)
  return value
}
