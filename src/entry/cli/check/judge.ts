import type { ApiClient } from '../api-client.ts'
import type { GivenHeaders } from '../command.ts'
import type { Batch } from './read-rows.ts'

/** The mail that the recipients would get. */
export interface CheckedMail {
  from: string
  headers: GivenHeaders | undefined
  transactional: true | undefined
}

export interface Exclusion {
  address: string
  list: string
  reason: string
  since: string
}

export interface Judged extends Batch {
  /** By the address as the row has it. */
  excluded: Map<string, Exclusion>
  malformed: Set<string>
}

/** While one call is being answered, the next rows are looked up, and those after them are read. */
const AT_ONCE = 3
/** Anything longer is not an address, and the server would refuse the whole call for it. */
const MOST_CHARACTERS = 1_000

/** Asks about rows as they come, and answers in their order; rows that have come never wait for more. */
export async function* judge(
  api: ApiClient,
  path: string,
  mail: CheckedMail,
  batches: AsyncGenerator<Batch>,
): AsyncGenerator<Judged> {
  const underWay: Promise<Judged>[] = []
  let coming: Promise<IteratorResult<Batch>> | undefined = awaited(batches.next())
  while (coming || underWay.length > 0) {
    const [oldest] = underWay
    const next = underWay.length < AT_ONCE ? coming : undefined
    const first = await Promise.race([next, oldest].filter((promise) => promise !== undefined))
    if ('excluded' in first) {
      underWay.shift()
      yield first
    } else if (first.done) {
      coming = undefined
    } else {
      underWay.push(awaited(ask(api, path, mail, first.value)))
      coming = awaited(batches.next())
    }
  }
}

async function ask(api: ApiClient, path: string, mail: CheckedMail, batch: Batch): Promise<Judged> {
  const recipients: string[] = []
  const malformed = new Set<string>()
  for (const { address } of batch.rows) {
    if (address.length <= MOST_CHARACTERS) recipients.push(address)
    else malformed.add(address)
  }
  if (recipients.length === 0) return { ...batch, excluded: new Map(), malformed }
  const answer = await api.post<{ excluded: Exclusion[]; malformed: string[] }>(path, { ...mail, recipients })
  for (const address of answer.malformed) malformed.add(address)
  return { ...batch, excluded: new Map(answer.excluded.map((one) => [one.address, one])), malformed }
}

/** Keeps a failure from counting as unhandled: it is reported where the promise is awaited, which may be later. */
function awaited<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}
