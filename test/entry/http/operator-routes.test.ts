import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { lifeOfBlock, type Place, PROVISION, place, type RunningServer } from '../cli/kaijo.ts'

const ROUTES = [
  ['GET', 'status'],
  ['POST', 'backup'],
  ['GET', 'keys'],
  ['POST', 'keys/rotate'],
  ['POST', 'keys/repair'],
  ['GET', 'dkim'],
  ['POST', 'dkim'],
  ['POST', 'dkim/import'],
  ['POST', 'dkim/rotate'],
  ['POST', 'dkim/check'],
  ['POST', 'dkim/activate'],
  ['POST', 'dkim/retire'],
  ['POST', 'dkim/remove'],
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
    const check = async (method: string, path: string, key: string | undefined, refusal: unknown[]) => {
      const { status, answer } = await call(method, path, key)
      assert.deepEqual([status, answer.code], refusal, `${path} ${key}`)
    }
    // All at once: each wrong sign-in is held back for seconds.
    await Promise.all(
      ROUTES.flatMap(([method, path]) => [
        check(method, path, undefined, [401, 'unauthenticated']),
        check(method, path, 'x'.repeat(43), [401, 'unauthenticated']),
        check(method, path, 'vendor-key-1', [403, 'forbidden']),
      ]),
    )
  })

  it('opens to the token that only this system user can read', async () => {
    const { answer } = await call('GET', 'status', controlToken(here))
    assert.equal(answer.engine, 'sqlite')
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

  it('leads the life of DKIM keys, with an audit entry for each change', async () => {
    const change = async (path: string, body: object) =>
      (await call('POST', `dkim${path}`, controlToken(here), { domain: 'example.com', ...body })).answer
    assert.equal((await change('', { selector: 'k1', serviceId: 404 })).code, 'unknown-service')
    assert.equal((await change('', { domain: 'no domain', selector: 'k1' })).field, 'domain')
    const wrong = await change('/rotate', { selector: 'k2', at: '2100-01-01' })
    assert.deepEqual([wrong.code, wrong.field], ['invalid-value', 'at'])

    await change('', { selector: 'k1', algorithm: 'ed25519-sha256' })
    const { items } = await change('/rotate', { selector: 'k2' })
    assert.deepEqual([items[0].state, items[0].signsFrom, items[0].removableFrom], ['waiting', null, null])
    assert.equal((await change('/activate', { selector: 'k2', force: true })).state, 'signing')
    assert.equal((await change('/remove', { selector: 'k1' })).code, 'wrong-state')
    await change('/retire', { selector: 'k2' })
    await change('/remove', { selector: 'k1', force: true })

    const audit = await call('GET', '../audit', controlToken(here))
    assert.deepEqual(
      audit.answer.items
        .filter(({ subject }: { subject: string }) => subject === 'example.com')
        .map(({ actor, action, detail }: Record<string, Record<string, string>>) => [
          actor,
          action,
          detail?.['selector'],
        ]),
      [
        ['operator', 'dkim.remove', 'k1'],
        ['operator', 'dkim.retire', 'k2'],
        ['operator', 'dkim.activate', 'k2'],
        ['operator', 'dkim.rotate', 'k2'],
        ['operator', 'dkim.create', 'k1'],
      ],
    )
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
