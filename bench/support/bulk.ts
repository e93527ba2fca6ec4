/** Loads and dumps whole files with an engine's own tools. Times are milliseconds. */
export interface Bulk {
  loader: string
  dumper: string
  /** Loads CSV into a fresh table of its own, with the key of a list's state and no other index. */
  load(file: string): Promise<number>
  /** Writes the result of a select on the installation's database as CSV. */
  dump(select: string, file: string): Promise<number>
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}
