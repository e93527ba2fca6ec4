import { readFileSync } from 'node:fs'
import { connect } from 'node:net'

/*
 * Posts one-click requests over keep-alive connections, each waiting for its answer, and prints its observations as
 * JSON. A process of its own, so that the load does not run inside what is measured:
 *   load.ts PORT CONNECTIONS SECONDS (PATHS-FILE FROM | PATH)
 * Bounded in time, and ended earlier by SIGTERM; every path of the file is used once, from line FROM on.
 */
const [port, connections, seconds, source = '/', from = '0'] = process.argv.slice(2) as [
  string,
  string,
  string,
  string?,
  string?,
]
const paths =
  source.startsWith('/') && source.length < 4 ? undefined : readFileSync(source, 'utf8').split('\n')
const body = 'List-Unsubscribe=One-Click'
const head = `Host: localhost\r\nUser-Agent: Mozilla/5.0 (compatible; load)\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`

const latencies: number[] = []
let next = Number(from)
let refused = 0
const started = performance.now()
let until = started + Number(seconds) * 1000
process.once('SIGTERM', () => {
  until = 0
})

await Promise.all(Array.from({ length: Number(connections) }, keepPosting))
const elapsed = (performance.now() - started) / 1000
latencies.sort((a, b) => a - b)
const quantile = (q: number) => latencies[Math.floor(latencies.length * q)] ?? 0
console.log(
  JSON.stringify({
    perSecond: latencies.length / elapsed,
    p50: quantile(0.5),
    p99: quantile(0.99),
    refused,
    next,
  }),
)

function keepPosting(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1')
    socket.setNoDelay(true)
    let sent = 0
    const post = () => {
      const path = paths ? paths[next++] : source
      if (performance.now() >= until || !path) {
        socket.end()
        resolve()
        return
      }
      sent = performance.now()
      socket.write(`POST ${path} HTTP/1.1\r\n${head}`)
    }
    socket.on('connect', post)
    socket.on('error', reject)
    socket.on('data', (chunk) => {
      // Answers are small and come in one piece: `HTTP/1.1 200`.
      if (chunk[9] !== 0x32) refused++
      latencies.push(performance.now() - sent)
      post()
    })
  })
}
