import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { DomainError } from '../kernel/domain-error.ts'
import type { Answer, FileSummary, ReadTask } from './read-thread.ts'

/** What is in a file, piece by piece. */
export interface Reading {
  summary: FileSummary
  pieces: AsyncIterable<Exclude<Answer, 'end' | { summary: FileSummary } | { refused: unknown }>>
}

/** What a row leaves behind is short-lived; left alone, the thread would keep a heap for far more. */
const YOUNG_GENERATION_MIB = 16

/** Reads a file in a thread that lives as long as `work`. Throws the DomainErrors of `readFile`. */
export async function withFile<T>(task: ReadTask, work: (reading: Reading) => Promise<T>): Promise<T> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const thread = new Worker(new URL(`./read-thread.${extension}`, import.meta.url), {
    workerData: task,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB },
  })
  const ask = async (): Promise<Answer> => {
    thread.postMessage('next')
    const [answer] = (await once(thread, 'message')) as [Answer]
    return answer
  }
  try {
    const first = await ask()
    if (first !== 'end' && 'refused' in first) {
      const { code, message, field } = first.refused
      throw new DomainError(code, message, field === undefined ? {} : { field })
    }
    const { summary } = first as { summary: FileSummary }
    return await work({ summary, pieces: pieces(ask) })
  } finally {
    await thread.terminate()
  }
}

async function* pieces(ask: () => Promise<Answer>): Reading['pieces'] {
  for (;;) {
    const piece = await ask()
    if (piece === 'end') return
    if ('chunks' in piece || 'rejects' in piece) yield piece
  }
}
