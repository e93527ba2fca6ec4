import { once } from 'node:events'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import { DomainError } from '../../kernel/domain-error.ts'

/** What was found out about a file as a whole, and its content piece by piece. */
export interface Reading<Summary, Pieces> {
  summary: Summary
  pieces: Pieces
}

type Answer<Summary, Piece> =
  | { refused: Pick<DomainError, 'code' | 'message' | 'field'> }
  | { summary: Summary }
  | { piece: Piece }
  | 'end'

/**
 * What a row leaves behind is short-lived; left to itself, the thread would keep a heap for far more. The largest file
 * that is taken needs a third of the old generation; given more, V8 would let garbage treble before collecting it.
 */
const HEAP = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 1_024 }

/**
 * Reads a file in a thread of its own, which runs the module at `thread` and is given `task`. The thread, and with it the
 * memory, lives as long as `work`. Throws the DomainErrors that reading throws.
 */
export async function readInThread<Task, Summary, Piece, T>(
  thread: URL,
  task: Task,
  work: (reading: Reading<Summary, AsyncIterable<Piece>>) => Promise<T>,
): Promise<T> {
  const worker = new Worker(thread, { workerData: task, resourceLimits: HEAP })
  const ask = async (): Promise<Answer<Summary, Piece>> => {
    worker.postMessage('next')
    const [answer] = (await once(worker, 'message')) as [Answer<Summary, Piece>]
    return answer
  }
  try {
    const first = await ask()
    if (first !== 'end' && 'refused' in first) {
      const { code, message, field } = first.refused
      throw new DomainError(code, message, field === undefined ? {} : { field })
    }
    const { summary } = first as { summary: Summary }
    return await work({ summary, pieces: piecesOf(ask) })
  } finally {
    await worker.terminate()
  }
}

/** Asks ahead: the thread makes the next piece while the current one is worked on. */
async function* piecesOf<Summary, Piece>(ask: () => Promise<Answer<Summary, Piece>>): AsyncGenerator<Piece> {
  let coming = ask()
  for (let answer = await coming; answer !== 'end'; answer = await coming) {
    coming = ask()
    // A reader that stops in the middle never awaits it.
    coming.catch(() => {})
    if ('piece' in answer) yield answer.piece
  }
}

/** The other side, in the thread: hands out what `read` makes of the task, piece by piece as it is asked. */
export function answerFromThread<Task, Summary, Piece>(
  read: (task: Task) => Reading<Summary, Iterable<Piece>>,
): void {
  const port = parentPort
  if (!port) throw new Error('this module runs as a worker thread')
  const answers = answersOf(() => read(workerData as Task))
  port.on('message', () => port.postMessage(answers.next().value))
}

function* answersOf<Summary, Piece>(
  read: () => Reading<Summary, Iterable<Piece>>,
): Generator<Answer<Summary, Piece>, 'end'> {
  let reading: Reading<Summary, Iterable<Piece>>
  try {
    reading = read()
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    const { code, message, field } = error
    yield { refused: { code, message, field } }
    return 'end'
  }
  yield { summary: reading.summary }
  for (const piece of reading.pieces) yield { piece }
  return 'end'
}
