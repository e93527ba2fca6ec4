import { type ApiClient, Refused } from '../api-client.ts'
import type { GivenHeaders } from '../command.ts'
import { mistake } from '../failure.ts'
import { type Line, nameOf, readLines } from '../input.ts'

export interface Minted {
  listUnsubscribe: string
  listUnsubscribePost: string
  url: string
  mailto?: string
}

/** One mail: what its line says, on top of what is the same for all lines. */
interface MintRequest {
  to: string
  messageId?: string
  headers?: GivenHeaders
}

/** The outcome for one line; `error` says what is wrong with it. */
export type Outcome = MintRequest & (Minted | { error: string })

/** How many calls are under way at a time. */
const AT_ONCE = 16

/**
 * Mints for each line of a file (an address, or JSON) as lines come, in their order: whoever writes a line can read its
 * answer before writing the next. Rejects with a Failure for a mistake in all lines, and when the server cannot mint: a
 * line without an outcome then has no headers.
 */
export async function* mintAll(
  api: ApiClient,
  path: string,
  file: string,
  common: { from: string; headers: GivenHeaders | undefined },
): AsyncGenerator<Outcome[]> {
  const mint = async (request: MintRequest): Promise<Outcome> => {
    const headers = { ...common.headers, ...request.headers }
    try {
      return { ...request, ...(await api.post<Minted>(path, { ...request, from: common.from, headers })) }
    } catch (error) {
      if (error instanceof Refused && isOwnMistake(error, request))
        return { ...request, error: error.message }
      throw error
    }
  }
  for await (const lines of readLines(file)) {
    while (lines.length > 0) {
      yield await Promise.all(lines.splice(0, AT_ONCE).map((line) => mint(toRequest(line, file))))
    }
  }
}

/**
 * Whether a mistake is the line's own: an unregistered sender is a mistake of all lines, unless the line's own headers
 * decide whether a filter matches.
 */
function isOwnMistake({ exitCode, field }: Refused, { headers }: MintRequest): boolean {
  return exitCode === 2 && field !== undefined && (field !== 'from' || headers !== undefined)
}

function toRequest({ number, text }: Line, file: string): MintRequest {
  if (!text.startsWith('{')) return { to: text }
  try {
    return JSON.parse(text) as MintRequest
  } catch (cause) {
    throw mistake(`${nameOf(file)}: line ${number} is not JSON`, cause)
  }
}
