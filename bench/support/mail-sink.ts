import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { readNumbers } from './bench-mail.ts'
import { now } from './now.ts'
import type { Arrived, SinkOrder, SinkWord } from './sink.ts'

/*
 * The least that an SMTP server can do: answers 250 to everything and counts what arrives, by run and serial. A process
 * of its own; messages from its parent say what to wait for and what to report (sink.ts).
 */
const END = Buffer.from('\r\n.\r\n')
const NO_HEADER = Buffer.from('.\r\n')
const STAMPS = ['List-Unsubscribe', 'List-Unsubscribe-Post', 'DKIM-Signature'].map((name) => `\r\n${name}: `)
const KEPT_EVERY = 500
const EHLO =
  '250-sink.localhost\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES\r\n'

interface Run {
  /** How often each serial arrived. */
  counts: Map<number, number>
  stamped: number
  samples: string[]
  lastAt: number
  wanted: number
}

const runs = new Map<number, Run>()
const server = createServer({ noDelay: true }, serve).listen(0, '127.0.0.1')
await once(server, 'listening')
say({ port: (server.address() as AddressInfo).port })
process.on('message', (order: SinkOrder) => {
  const run = runOf(order.run)
  if ('report' in order) {
    const { counts, stamped, samples } = run
    say({ run: order.run, arrived: { counts: [...counts], stamped, samples } satisfies Arrived })
  } else {
    run.wanted = order.wanted
    tellWhenComplete(order.run, run)
  }
})
process.once('disconnect', () => process.exit())

function serve(socket: Socket): void {
  let held: Buffer = Buffer.alloc(0)
  let inData = false
  socket.write('220 sink.localhost ESMTP\r\n')
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    let replies = ''
    for (let at = endOfNext(); at >= 0; at = endOfNext()) {
      const taken = held.subarray(0, at)
      held = held.subarray(at)
      if (inData) take(taken)
      replies += inData ? '250 2.0.0 taken\r\n' : answerTo(taken.toString('latin1', 0, 4).toUpperCase())
      inData = !inData && taken.toString('latin1', 0, 4).toUpperCase() === 'DATA'
    }
    if (replies) socket.write(replies)
  })

  /** The index after the next complete command or message; negative when none is complete. */
  function endOfNext(): number {
    if (!inData) return held.indexOf('\n') + 1 || -1
    if (held.subarray(0, NO_HEADER.length).equals(NO_HEADER)) return NO_HEADER.length
    const at = held.indexOf(END)
    return at < 0 ? -1 : at + END.length
  }

  function answerTo(command: string): string {
    if (command === 'EHLO') return EHLO
    if (command === 'DATA') return '354 go on\r\n'
    if (command !== 'QUIT') return '250 2.0.0 ok\r\n'
    socket.end('221 2.0.0 bye\r\n')
    return ''
  }
}

function take(raw: Buffer): void {
  const head = raw.toString('latin1', 0, raw.indexOf('\r\n\r\n') + 2)
  const numbers = readNumbers(head)
  if (!numbers) return
  const run = runOf(numbers.run)
  run.counts.set(numbers.serial, (run.counts.get(numbers.serial) ?? 0) + 1)
  if (STAMPS.every((stamp) => `\r\n${head}`.split(stamp).length === 2)) run.stamped++
  if (run.counts.size % KEPT_EVERY === 1) run.samples.push(raw.toString('latin1', 0, raw.length - 3))
  run.lastAt = now()
  tellWhenComplete(numbers.run, run)
}

function tellWhenComplete(number: number, run: Run): void {
  if (run.counts.size < run.wanted) return
  run.wanted = Number.POSITIVE_INFINITY
  say({ run: number, lastAt: run.lastAt })
}

function runOf(number: number): Run {
  const run = runs.get(number) ?? {
    counts: new Map(),
    stamped: 0,
    samples: [],
    lastAt: 0,
    wanted: Number.POSITIVE_INFINITY,
  }
  runs.set(number, run)
  return run
}

function say(word: SinkWord): void {
  process.send?.(word)
}
