import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { HARAKA_VERSION, startHaraka } from '../baselines/haraka.ts'
import { startPostfix } from '../baselines/postfix.ts'
import { isSuppressed } from '../support/bench-mail.ts'
import { type Algorithm, type Gateway, senderOf, startGateway } from '../support/gateway.ts'
import type { Engine } from '../support/installation.ts'
import type { MailOrder, MailsSent } from '../support/mail-order.ts'
import type { MailServer } from '../support/mail-server.ts'
import { compared, type Result, type Row } from '../support/result.ts'
import { type Sink, startSink } from '../support/sink.ts'

const CONNECTIONS = 50
const MAILS = 4_000
const WARM_UP_MAILS = 1_000
const WITHIN_MS = 120_000
/** Work that a server does after its last mail must not slow down the next run. */
const SETTLING_MS = 1_000
const LOAD = 'support/mail-load.ts'
const POOL = 'baselines/nodemailer-pool.ts'

/** A way for mails to reach the sink. */
interface Way {
  name: 'rsa-sha256' | 'ed25519-sha256' | 'haraka' | 'postfix' | 'nodemailer' | 'load'
  script: typeof LOAD | typeof POOL
  order: Pick<MailOrder, 'port' | 'from' | 'credentials'>
  /** Whether a Kaijo sends them, which leaves the suppressed ones out. */
  algorithm?: Algorithm
}

/** Mails per second from the first submission to the last mail at the sink: design B6. */
export const b6: Row = {
  id: 'B6',
  title: `gateway: accept durably, filter, stamp, sign, relay; 2 KB mails, ${CONNECTIONS} connections, 5 % suppressed`,
  run: async ({ rounds }) => [...(await onEngine('sqlite', rounds)), ...(await onEngine('postgres', rounds))],
}

async function onEngine(engine: Engine, rounds: number): Promise<Result[]> {
  const sink = await startSink()
  const servers: MailServer[] = []
  const running = async <S extends MailServer>(server: Promise<S>) => {
    servers.push(await server)
    return server
  }
  try {
    const gateway = await running(startGateway(engine, sink.port, 6 * (rounds + 1) * MAILS))
    const haraka = await running(startHaraka(sink.port)).catch(leftOut('Haraka'))
    const postfix = await running(startPostfix(sink.port)).catch(leftOut('Postfix'))
    const ways = waysTo(sink, gateway, { haraka, postfix })
    const runs: Measured[][] = []
    for (let round = 0; round <= rounds; round++) {
      const measured: Measured[] = []
      for (const way of ways) {
        const count = round === 0 ? WARM_UP_MAILS : MAILS
        const place = round * ways.length + ways.indexOf(way)
        measured.push(await measure(sink, way, { run: place, first: place * MAILS, count }))
      }
      runs.push(measured)
    }
    // Duplicates may arrive late, so the servers are stopped before anything is checked.
    for (const server of servers.splice(0)) await server.stop()
    for (const measured of runs.flat()) await check(sink, gateway, measured)
    return results(engine, runs.slice(1))
  } finally {
    await Promise.allSettled(servers.map((server) => server.stop()))
    await sink.stop()
  }
}

function leftOut(name: string) {
  return ({ code, message }: NodeJS.ErrnoException) => {
    const reason = code === 'ENOENT' ? 'it is not installed' : message.trim()
    console.log(`  ${name} is left out: ${reason}`)
    return undefined
  }
}

function waysTo(
  sink: Sink,
  { port, credentials }: Gateway,
  baselines: Record<'haraka' | 'postfix', MailServer | undefined>,
): Way[] {
  const by = (algorithm: Algorithm): Way => {
    const order = { port, credentials, from: senderOf(algorithm) }
    return { name: algorithm, script: LOAD, order, algorithm }
  }
  const from = senderOf('rsa-sha256')
  const through = (name: 'haraka' | 'postfix'): Way[] => {
    const server = baselines[name]
    return server ? [{ name, script: LOAD, order: { port: server.port, from } }] : []
  }
  const order = { port: sink.port, from }
  return [
    { name: 'load', script: LOAD, order },
    { name: 'nodemailer', script: POOL, order },
    ...through('haraka'),
    by('rsa-sha256'),
    ...through('postfix'),
    by('ed25519-sha256'),
  ]
}

interface Measured {
  way: Way
  run: number
  /** Serials of the mails that had to arrive. */
  wanted: number[]
  perSecond: number
}

async function measure(
  sink: Sink,
  way: Way,
  numbers: { run: number; first: number; count: number },
): Promise<Measured> {
  const { run, first, count } = numbers
  const order: MailOrder = { ...way.order, ...numbers, connections: CONNECTIONS, withinMs: WITHIN_MS }
  const script = fileURLToPath(new URL(`../${way.script}`, import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(order)])
  const { startedAt } = JSON.parse(stdout) as MailsSent
  const serials = Array.from({ length: count }, (_, index) => first + index)
  const wanted = way.algorithm ? serials.filter((serial) => !isSuppressed(serial)) : serials
  const lastAt = await sink.complete(run, wanted.length, WITHIN_MS)
  await sleep(SETTLING_MS)
  return { way, run, wanted, perSecond: wanted.length / ((lastAt - startedAt) / 1000) }
}

/**
 * Throws unless every mail of the run arrived once, no suppressed one did, and those sent by a Kaijo are stamped and
 * signed.
 */
async function check(sink: Sink, gateway: Gateway, { way, run, wanted }: Measured): Promise<void> {
  const { counts, stamped, samples } = await sink.report(run)
  const times = new Map(counts)
  const wrong = (what: string) => new Error(`${way.name}, run ${run}: ${what}`)
  const missing = wanted.filter((serial) => !times.has(serial)).length
  const repeated = counts.filter(([, count]) => count > 1).length
  const others = counts.length + missing - wanted.length
  if (missing + repeated + others > 0) {
    throw wrong(`${missing} mails are missing, ${repeated} came twice, ${others} should not have come`)
  }
  const { algorithm } = way
  if (!algorithm) return
  if (stamped < wanted.length) throw wrong(`${wanted.length - stamped} mails lack a header`)
  for (const raw of samples) {
    if (!(await gateway.isSigned(raw, algorithm))) throw wrong(`a signature is not valid:\n${raw}`)
  }
}

const GOALS = {
  haraka: { least: 2, name: `Haraka ${HARAKA_VERSION} (outbound queue with fsync, unsigned)` },
  postfix: { least: 1.3, name: 'Postfix (queue with fsync, its defaults, unsigned)' },
  nodemailer: { least: 0, name: "nodemailer's pool straight to the sink (nothing stored, unsigned)" },
  load: { least: 0, name: 'the load straight to the sink (what the bench itself can do)' },
} as const
const SIGNATURES = { 'rsa-sha256': 'RSA-2048', 'ed25519-sha256': 'Ed25519' } as const

function results(engine: Engine, rounds: readonly Measured[][]): Result[] {
  const rates = rounds.map((measured) => new Map(measured.map(({ way, perSecond }) => [way.name, perSecond])))
  return (['rsa-sha256', 'ed25519-sha256'] as const).flatMap((algorithm) =>
    (['haraka', 'postfix', 'nodemailer', 'load'] as const).flatMap((baseline) => {
      const runs = rates.flatMap((rate) => {
        const [value, beside] = [rate.get(algorithm), rate.get(baseline)]
        return value !== undefined && beside !== undefined ? [{ value, baseline: beside }] : []
      })
      const { least, name } = GOALS[baseline]
      // Design B6 sets its goals for RSA.
      const isGoal = algorithm === 'rsa-sha256' && least > 0
      const goal = isGoal ? `>= ${least}` : 'reported'
      const meets = (ratio: number) => !isGoal || ratio >= least
      const row = { row: 'B6', name: `mails/s signed with ${SIGNATURES[algorithm]} against ${name}`, engine }
      return runs.length > 0 ? [compared({ ...row, unit: '1/s', goal, meets, runs })] : []
    }),
  )
}
