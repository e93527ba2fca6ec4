import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { type Reply, type Task, type ThreadOptions, toFailure } from './protocol.ts'
import { statementRunner } from './statement-cache.ts'

const port = parentPort
if (!port) throw new Error('reader-thread.ts runs as a worker thread')

const { file, cacheKib } = workerData as ThreadOptions
const connection = new DatabaseSync(file, { readOnly: true, timeout: 5_000 })
connection.exec(`pragma cache_size = -${cacheKib}; pragma temp_store = memory`)
const run = statementRunner(connection)

port.on('message', (task: Task) => {
  if ('close' in task) {
    connection.close()
    port.postMessage({ id: task.id, results: [] } satisfies Reply)
    port.close()
    return
  }
  try {
    port.postMessage({ id: task.id, results: task.statements.map(run) } satisfies Reply)
  } catch (error) {
    port.postMessage({ id: task.id, failure: toFailure(error) } satisfies Reply)
  }
})
