import { join } from 'node:path'
import { freePort } from '../../test/support/free-port.ts'
import { type Child, startChild } from '../support/child.ts'
import { createInstallation, type Engine, type Installation } from '../support/installation.ts'
import { postLoad, type Seen } from '../support/post-load.ts'
import { compared, type Result, type Row } from '../support/result.ts'

const SECONDS = 5
const WARM_UP_SECONDS = 2
/** More than any machine handles in one run. */
const PATHS_PER_RUN = 150_000

/** Durable one-click POSTs per second: design B1. */
export const b1: Row = {
  id: 'B1',
  title: 'durable one-click POST/s, 64 connections, fresh tokens',
  run: async ({ rounds }) => [...(await onEngine('sqlite', rounds)), ...(await onEngine('postgres', rounds))],
}

async function onEngine(engine: Engine, rounds: number): Promise<Result[]> {
  const installation = await createInstallation(engine)
  const children: Child[] = []
  try {
    const file = await installation.mintPaths(PATHS_PER_RUN * (rounds + 1))
    const kaijo = await started(children, 'src/main.ts', ['serve'], installation.env, installation.port)
    const bare = await baseline(children, 'bench/baselines/bare-fastify.ts', {})
    const naive = await baseline(children, 'bench/baselines/insert-per-request.ts', naiveEnv(installation))
    for (const [port, source] of [
      [bare, '/'],
      [kaijo, file],
    ] as const)
      await load(port, WARM_UP_SECONDS, source, 0)

    const runs: { kaijo: Seen; bare: Seen; naive: Seen }[] = []
    for (let round = 1; round <= rounds; round++) {
      const from = PATHS_PER_RUN * round
      runs.push({
        bare: await load(bare, SECONDS, '/', 0),
        kaijo: await load(kaijo, SECONDS, file, from),
        naive: await load(naive, SECONDS, file, from),
      })
    }
    const row = { row: 'B1', engine } as const
    return [
      compared({
        ...row,
        name: 'durable POST/s against bare Fastify answering 200',
        unit: '1/s',
        goal: '>= 0.6',
        meets: (ratio) => ratio >= 0.6,
        runs: runs.map((run) => ({ value: run.kaijo.perSecond, baseline: run.bare.perSecond })),
      }),
      compared({
        ...row,
        name: 'p99 latency against bare Fastify',
        unit: 'ms',
        goal: '<= 3',
        meets: (ratio) => ratio <= 3,
        runs: runs.map((run) => ({ value: run.kaijo.p99, baseline: run.bare.p99 })),
      }),
      compared({
        ...row,
        name: 'durable POST/s against one insert and commit per request',
        unit: '1/s',
        goal: '>= 5',
        meets: (ratio) => ratio >= 5,
        runs: runs.map((run) => ({ value: run.kaijo.perSecond, baseline: run.naive.perSecond })),
      }),
    ]
  } finally {
    for (const child of children) await child.stop()
    await installation.remove()
  }
}

async function started(
  children: Child[],
  script: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  port: number,
) {
  children.push(await startChild(script, args, env, `http://127.0.0.1:${port}/healthz`))
  return port
}

async function baseline(children: Child[], script: string, env: NodeJS.ProcessEnv): Promise<number> {
  const port = await freePort()
  return started(children, script, [], { ...env, PORT: String(port) }, port)
}

function naiveEnv({ dir, databaseUrl }: Installation): NodeJS.ProcessEnv {
  return databaseUrl ? { DATABASE_URL: databaseUrl } : { FILE: join(dir, 'naive.db') }
}

function load(port: number, seconds: number, source: string, from: number): Promise<Seen> {
  return postLoad({ port, seconds, source, from }).seen
}
