import { fork } from 'node:child_process'
import { on, once } from 'node:events'

/** The outcome of one run's mails. */
export interface Arrived {
  /** Serials, and how often each arrived. */
  counts: [serial: number, times: number][]
  /** The number of mails with exactly one each of List-Unsubscribe, List-Unsubscribe-Post and DKIM-Signature. */
  stamped: number
  /** Some of the mails as they arrived, one character per byte. */
  samples: string[]
}

export type SinkOrder = { run: number; wanted: number } | { run: number; report: true }
export type SinkWord = { port: number } | { run: number; lastAt: number } | { run: number; arrived: Arrived }

/** The destination of all mail, in a process of its own. */
export interface Sink {
  port: number
  /**
   * Resolves with the time (`now`) at which the last of this many mails of the run arrived. Rejects when they do not
   * arrive in time.
   */
  complete(run: number, wanted: number, withinMs: number): Promise<number>
  report(run: number): Promise<Arrived>
  stop(): Promise<void>
}

const ANSWERS_WITHIN_MS = 10_000

export async function startSink(): Promise<Sink> {
  const child = fork(new URL('mail-sink.ts', import.meta.url), { execArgv: [] })
  const hear = async <W extends SinkWord>(fits: (word: SinkWord) => word is W, withinMs: number) => {
    const signal = AbortSignal.timeout(withinMs)
    for await (const [word] of on(child, 'message', { signal, close: ['exit'] })) if (fits(word)) return word
    throw new Error('the sink has ended')
  }
  const { port } = await hear((word) => 'port' in word, ANSWERS_WITHIN_MS)
  const ask = <W extends SinkWord>(
    order: SinkOrder,
    fits: (word: SinkWord) => word is W,
    withinMs: number,
  ) => {
    const heard = hear(fits, withinMs)
    child.send(order)
    return heard
  }
  const report = async (run: number) => {
    const isReport = (word: SinkWord) => 'arrived' in word && word.run === run
    return (await ask({ run, report: true }, isReport as Fits<'arrived'>, ANSWERS_WITHIN_MS)).arrived
  }
  return {
    port,
    complete: async (run, wanted, withinMs) => {
      const isComplete = (word: SinkWord) => 'lastAt' in word && word.run === run
      try {
        return (await ask({ run, wanted }, isComplete as Fits<'lastAt'>, withinMs)).lastAt
      } catch (cause) {
        const { counts } = await report(run)
        throw new Error(`${counts.length} of ${wanted} mails came within ${withinMs} ms`, { cause })
      }
    },
    report,
    stop: async () => {
      const exited = once(child, 'exit')
      child.disconnect()
      await exited
    },
  }
}

type Fits<K extends string> = (word: SinkWord) => word is Extract<SinkWord, Record<K, unknown>>
