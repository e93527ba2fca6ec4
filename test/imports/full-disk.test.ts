import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { endLeases } from '../../src/jobs/leases.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { addTenant, install } from '../support/installation.ts'
import { controlToken, type ServerProcess, startServerProcess } from '../support/server-process.ts'

const ADD = '?list=blocklist&action=add'
const HEAD = 'email\n'
const ROOM_BYTES = 4 * 1_024 * 1_024
/** More than the disk takes as an upload. */
const LARGE = HEAD + 'a@example.jp\n'.repeat(700_000)
/** It takes this one, but not what is to be stored of it: rows that are no addresses, with the reason of each. */
const REJECTS = HEAD + 'x\n'.repeat(300_000)
const ADDRESSES = HEAD + Array.from({ length: 230_000 }, (_, index) => `r${index}@example.jp`).join('\n')

describe('a disk that fills up', () => {
  for (const [what, file] of [
    ['while a file comes in', LARGE],
    ['while its rejects are stored', REJECTS],
    ['while its rows are stored', ADDRESSES],
  ] as const) {
    it(`${what} is told, and leaves nothing behind once there is room`, async (t) => {
      const { server, call, letLeasesLapse } = await serve(t)
      const items = async () => ((await (await call('')).json()) as { items: { state: string }[] }).items
      limitFiles(server, ROOM_BYTES)
      const refused = await call(ADD, file)
      assert.deepEqual(
        [refused.status, ((await refused.json()) as { code: string }).code],
        [503, 'unavailable'],
      )
      limitFiles(server, 'unlimited')
      // Nothing can be given back on a full disk.
      await letLeasesLapse()
      await until(async () => (await items()).length === 0)
      const { status } = await call(ADD, `${HEAD}a@example.jp\n`)
      assert.equal(status, 202)
      await until(async () => {
        const [item] = await items()
        return item?.state === 'done'
      })
    })
  }
})

async function serve(t: TestContext) {
  const installation = await install(t, 'sqlite')
  const { service } = await addTenant(installation)
  await installation.close()
  const server = await startServerProcess({ KAIJO_DATA_DIR: installation.dataDir })
  t.after(server.kill)
  const token = await controlToken(installation.dataDir)
  const call = (path: string, body?: string) =>
    fetch(`${server.url}/api/v1${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'text/csv' }) },
      ...(body && { body }),
    })
  const path = `/services/${service.id}/imports`
  const letLeasesLapse = async () => {
    const database = await openDatabase(installation.capabilities.config.database)
    await endLeases(database)
    await database.close()
  }
  return { server, letLeasesLapse, call: (query: string, body?: string) => call(path + query, body) }
}

/** The system cuts a write at the limit, as a full disk does. */
function limitFiles({ pid }: ServerProcess, most: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${most}:unlimited`])
}

async function until(isReached: () => Promise<boolean>): Promise<void> {
  while (!(await isReached())) await sleep(50)
}
