import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { type Reply, type Task, type ThreadOptions, toFailure } from './protocol.ts'
import { statementRunner } from './statement-cache.ts'

/*
 * The only connection that writes. Tasks that wait in the queue when a commit starts share that commit and its one
 * fsync; each has a savepoint of its own, so a failing task undoes itself alone. Replies go out after the commit.
 */
const MOST_TASKS_PER_COMMIT = 64
const LONGEST_COMMIT_MS = 30
/**
 * Whoever waits for a flush also waits for all that was not flushed before: while others need flushes, none is left to
 * them.
 */
const QUIET_MS = 100

const port = parentPort
if (!port) throw new Error('writer-thread.ts runs as a worker thread')

const { file, cacheKib } = workerData as ThreadOptions
// SQLite would create it readable for everybody; its log and index take the file's own mode.
closeSync(openSync(file, 'a', 0o600))
const connection = new DatabaseSync(file, { timeout: 5_000 })
// Deleted content is overwritten, and a log that begins anew is truncated, so that nothing of erased people is left in
// the files.
connection.exec(`
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma wal_autocheckpoint = 0;
  pragma journal_size_limit = 0;
  pragma cache_size = -${cacheKib};
  pragma temp_store = memory;
  pragma secure_delete = on;
`)
const run = statementRunner(connection)

port.on('message', (first: Task) => {
  const tasks = commitTogether(first)
  const last = tasks.at(-1)
  if (last && 'close' in last) {
    connection.close()
    port.postMessage({ id: last.id, results: [] } satisfies Reply)
    port.close()
  }
})

let flushedAt = Number.NEGATIVE_INFINITY

function commitTogether(first: Task): Task[] {
  const tasks: Task[] = []
  const replies: Reply[] = []
  const started = performance.now()
  const later = !('close' in first) && first.flush === 'later' && started - flushedAt > QUIET_MS
  let next: Task | undefined = first
  try {
    // The next commit that is flushed brings everything before it in the log to disk.
    if (later) connection.exec('pragma synchronous = normal')
    if (!('close' in first)) connection.exec('begin immediate')
    while (next) {
      tasks.push(next)
      if ('close' in next) break
      replies.push(attempt(next))
      const full =
        later || tasks.length >= MOST_TASKS_PER_COMMIT || performance.now() - started > LONGEST_COMMIT_MS
      next = full ? undefined : (receiveMessageOnPort(port as NonNullable<typeof port>)?.message as Task)
    }
    if (connection.isTransaction) connection.exec('commit')
    if (tasks.some((task) => !('close' in task) && task.flush === 'now')) flushedAt = performance.now()
    for (const reply of replies) port?.postMessage(reply)
  } catch (error) {
    if (connection.isTransaction) connection.exec('rollback')
    const failure = toFailure(error)
    for (const { id } of tasks.length > 0 ? tasks : [first])
      port?.postMessage({ id, failure } satisfies Reply)
  } finally {
    if (later) connection.exec('pragma synchronous = full')
  }
  return tasks
}

function attempt(task: Exclude<Task, { close: true }>): Reply {
  connection.exec('savepoint task')
  try {
    const results = task.statements.map(run)
    connection.exec('release task')
    return { id: task.id, results }
  } catch (error) {
    // SQLite may have rolled back everything by itself, as on a full disk; then the whole commit fails.
    if (!connection.isTransaction) throw error
    connection.exec('rollback to task; release task')
    return { id: task.id, failure: toFailure(error) }
  }
}
