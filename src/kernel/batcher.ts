export interface BatcherOptions<Item, Result> {
  /** Carries out a batch; answers one result per item, in order. */
  run(items: Item[]): Promise<Result[]>
  mostItems: number
  /** True for failures that every item shares (the database is away): then nothing is retried one by one. */
  isShared(error: unknown): boolean
}

export interface Batcher<Item, Result> {
  /** Resolves when the batch that carried the item is done. */
  add(item: Item): Promise<Result>
  /** Items that wait or are under way. */
  readonly depth: number
  /** Resolves when nothing waits and nothing is under way. */
  idle(): Promise<void>
}

interface Entry<Item, Result> {
  item: Item
  resolve(result: Result): void
  reject(error: unknown): void
}

/**
 * While one batch is under way the next one collects: under load batches grow by themselves, and a lone item waits for
 * nothing. Batches run one after another, so that what is added later takes effect later. A batch that fails is
 * repeated item by item: one bad row does not fail its neighbours.
 */
export function createBatcher<Item, Result>(options: BatcherOptions<Item, Result>): Batcher<Item, Result> {
  let waiting: Entry<Item, Result>[] = []
  let underWay = 0
  let idlers: (() => void)[] = []

  const work = async () => {
    while (waiting.length > 0) {
      const entries = waiting.slice(0, options.mostItems)
      waiting = waiting.slice(entries.length)
      underWay = entries.length
      await settle(entries, options)
      underWay = 0
    }
    for (const idle of idlers) idle()
    idlers = []
  }

  let working = false
  const start = () => {
    if (working) return
    working = true
    // What is added in this turn of the event loop still joins the first batch.
    setImmediate(() => {
      work().finally(() => {
        working = false
        if (waiting.length > 0) start()
      })
    })
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject })
        start()
      }),
    get depth() {
      return waiting.length + underWay
    },
    idle: () =>
      new Promise((resolve) => {
        if (waiting.length === 0 && underWay === 0) resolve()
        else idlers.push(resolve)
      }),
  }
}

async function settle<Item, Result>(
  entries: Entry<Item, Result>[],
  options: BatcherOptions<Item, Result>,
): Promise<void> {
  try {
    const results = await options.run(entries.map(({ item }) => item))
    entries.forEach((entry, index) => {
      entry.resolve(results[index] as Result)
    })
  } catch (error) {
    if (entries.length === 1 || options.isShared(error)) {
      for (const entry of entries) entry.reject(error)
    } else {
      for (const entry of entries) await settle([entry], options)
    }
  }
}
