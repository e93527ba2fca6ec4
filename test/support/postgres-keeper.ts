/**
 * Runs one PostgreSQL server and outlives whoever started it just long enough to stop the server and remove its
 * files: a test process that is killed leaves nothing behind. Started by `postgres-cluster.ts` alone; takes
 * signals for the server as messages and ends with the server.
 */
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'

const [dir = '', user = '{}', program = '', ...args] = process.argv.slice(2)
const server = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], ...JSON.parse(user) })

process.on('message', (signal: NodeJS.Signals) => server.kill(signal))

let abandoned = false
for (const event of ['disconnect', 'SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(event, () => {
    abandoned = true
    server.kill('SIGINT')
  })
}

server.on('exit', () => {
  if (abandoned) rmSync(dir, { recursive: true, force: true, maxRetries: 3 })
  process.exit()
})
