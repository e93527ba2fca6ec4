import { parse } from 'yaml'
import { Refused } from './api-client.ts'
import { Failure, mistake } from './failure.ts'
import { nameOf, readText } from './input.ts'

/** Reads the definition of one thing from a YAML or JSON file. Rejects with a Failure that names the file. */
export async function readDefinition(file: string): Promise<Record<string, unknown>> {
  const said = await readText(file).then((text) => parsed(file, text))
  if (said !== null && typeof said === 'object' && !Array.isArray(said))
    return said as Record<string, unknown>
  throw mistake(`${nameOf(file)} holds no object`)
}

/** Awaits what a file asks for; a refusal by the server names the file on each line. */
export async function refusedBy<T>(file: string, work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    if (!(error instanceof Refused)) throw error
    throw new Failure(error.exitCode, error.message.replace(/^/gm, `${nameOf(file)}: `), { cause: error })
  })
}

function parsed(file: string, text: string): unknown {
  try {
    return parse(text)
  } catch (cause) {
    const [what] = (cause as Error).message.split('\n')
    throw mistake(`${nameOf(file)} is neither YAML nor JSON: ${what}`, cause)
  }
}
