import { type ApiClient, withApi } from '../api-client.ts'
import { type CommonOptions, note, print, printJson } from '../command.ts'
import { mistake } from '../failure.ts'
import type { CliHost } from '../host.ts'
import { readLines } from '../input.ts'
import { startProgress } from '../progress.ts'
import { servicePath } from '../services.ts'

const PER_CALL = 5_000

export interface ChangeOptions extends CommonOptions {
  service?: string
  list: string
  file?: string
}

interface Changed {
  changed: number
  unchanged: number
  malformed: string[]
}

/**
 * Changes addresses on a list, as many as there are: those given, or those of a file with one a line. `call` is the
 * call below the service; `tell` says what came of it.
 */
export async function changeList(
  host: CliHost,
  given: string[],
  { service, list, file, json }: ChangeOptions,
  { call, tell }: { call: string; tell(changed: Changed): string },
): Promise<Changed> {
  if (given.length > 0 === (file !== undefined)) throw mistake('give addresses, or --file, and not both')
  const batches = file === undefined ? [given] : addressesIn(file)
  const changed = await withApi(host, async (api) =>
    changeAll(api, `${await servicePath(api, service)}/${call}`, list, batches),
  )
  for (const address of changed.malformed) note(`warning: ${address} is not a mail address`)
  if (json) printJson(changed)
  else print(tell(changed))
  return changed
}

async function changeAll(
  api: ApiClient,
  path: string,
  list: string,
  batches: Iterable<string[]> | AsyncIterable<string[]>,
): Promise<Changed> {
  const total: Changed = { changed: 0, unchanged: 0, malformed: [] }
  const progress = startProgress()
  try {
    for await (const addresses of batches) {
      const { changed, unchanged, malformed } = await api.post<Changed>(path, { list, addresses })
      total.changed += changed
      total.unchanged += unchanged
      total.malformed.push(...malformed)
      progress.show(`${total.changed + total.unchanged} addresses`)
    }
  } finally {
    progress.end()
  }
  return total
}

async function* addressesIn(file: string): AsyncGenerator<string[]> {
  const batch: string[] = []
  for await (const lines of readLines(file)) {
    batch.push(...lines.map(({ text }) => text))
    while (batch.length >= PER_CALL) yield batch.splice(0, PER_CALL)
  }
  if (batch.length > 0) yield batch
}
