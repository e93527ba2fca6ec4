/** What an engine's own tools do with a whole file. Times are milliseconds. */
export interface Bulk {
  loader: string
  dumper: string
  /** Loads CSV into a table of its own, made anew, with the key of a list's state and no other index. */
  load(file: string): Promise<number>
  /** Writes what a select of the installation's database finds as CSV. */
  dump(select: string, file: string): Promise<number>
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}
