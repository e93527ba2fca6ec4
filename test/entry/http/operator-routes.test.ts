import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { lifeOfBlock, type Place, PROVISION, place, type RunningServer } from '../cli/kaijo.ts'

const ROUTES = [
  ['GET', 'status'],
  ['GET', 'services'],
  ['POST', 'backup'],
  ['GET', 'keys'],
  ['POST', 'keys/rotate'],
  ['POST', 'keys/repair'],
  ['GET', 'dkim'],
  ['POST', 'dkim'],
  ['GET', 'doctor'],
] as const

describe("the operator's interface", () => {
  const life = lifeOfBlock()
  let here: Place
  let server: RunningServer
  const call = async (method: string, path: string, key?: string, body?: unknown) => {
    const response = await fetch(`${server.started.url}/api/v1/operator/${path}`, {
      method,
      headers: {
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(method === 'POST' && { 'content-type': 'application/json' }),
      },
      ...(method === 'POST' && { body: JSON.stringify(body ?? {}) }),
    })
    return { status: response.status, answer: JSON.parse(await response.text()) }
  }

  before(async () => {
    here = await place(life)
    server = await here.serve()
    assert.equal((await here.kaijo(['provision', '-'], { input: PROVISION })).code, 0)
  })

  it('is closed to everyone else, API users included', async () => {
    for (const [method, path] of ROUTES) {
      for (const [key, status, code] of [
        [undefined, 401, 'unauthenticated'],
        ['x'.repeat(43), 401, 'unauthenticated'],
        ['vendor-key-1', 403, 'forbidden'],
      ] as const) {
        const { status: found, answer } = await call(method, path, key)
        assert.deepEqual([found, answer.code], [status, code], `${path} ${key}`)
      }
    }
  })

  it('opens to the token that only this system user can read', async () => {
    const { answer } = await call('GET', 'services', controlToken(here))
    assert.deepEqual(
      answer.items.map(({ name }: { name: string }) => name),
      ['default', 'news'],
    )
    const refused = await call('POST', 'backup', controlToken(here), { into: 'somewhere' })
    assert.deepEqual(
      [refused.status, refused.answer.code, refused.answer.field],
      [400, 'invalid-value', 'into'],
    )
  })

  it('tells why a backup cannot be written where it should be', async () => {
    const { answer } = await call('POST', 'backup', controlToken(here), {
      into: join(here.dataDir, 'control.json'),
    })
    assert.equal(answer.problem.field, 'directory')
    assert.match(answer.problem.detail, /^EEXIST|^ENOTDIR/)
  })

  it('does not stand in the reference that API users read', async () => {
    const response = await fetch(`${server.started.url}/api/v1/openapi.json`)
    const reference = (await response.json()) as { paths: object }
    assert.deepEqual(
      Object.keys(reference.paths).filter((path) => path.includes('operator')),
      [],
    )
  })
})

function controlToken({ dataDir }: Place): string {
  return JSON.parse(readFileSync(join(dataDir, 'control.json'), 'utf8')).token
}
