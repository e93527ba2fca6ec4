import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fastify from 'fastify'
import { answerConsoleError, registerConsole } from '../../../../src/entry/http/console/console-routes.ts'
import { sharedInstallation } from '../../../support/installation.ts'
import { makeTempDir } from '../../../support/temp-dir.ts'

const JAPANESE = { 'accept-language': 'ja,en;q=0.5' }
const ENGLISH = { 'accept-language': 'en-GB' }

describe('what the console says where no page can', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http' }))
  const said = async (path: string, init: RequestInit) => {
    const answer = await fetch(`${installation().url}${path}`, init)
    return [answer.status, await answer.text()]
  }

  it('is said in the language that the browser asks for', async () => {
    assert.deepEqual(await said('/console/%zz', { headers: JAPANESE }), [
      400,
      'リクエストを読み取れません。\n',
    ])
    assert.deepEqual(await said('/console/%zz', { headers: ENGLISH }), [400, 'The request cannot be read.\n'])
    const large = { method: 'POST', body: 'x'.repeat(20_000) }
    assert.deepEqual(await said('/console/auth/sign-in/email', { ...large, headers: JAPANESE }), [
      413,
      'リクエストが大きすぎます。\n',
    ])
    assert.deepEqual(await said('/console/auth/sign-in/email', { ...large, headers: ENGLISH }), [
      413,
      'The request is too large.\n',
    ])
  })

  it('tells nothing of what failed within', async (t) => {
    const app = fastify()
    t.after(() => app.close())
    app.setErrorHandler(answerConsoleError)
    app.get('/fails', () => {
      throw new Error('the secret is 42')
    })
    const failed = async (headers: Record<string, string>) =>
      (await app.inject({ url: '/fails', headers })).body
    assert.equal(
      await failed(JAPANESE),
      'サーバーで問題が発生しました。しばらくしてから、もう一度お試しください。\n',
    )
    assert.equal(await failed(ENGLISH), 'Something went wrong on our side. Try again in a little while.\n')
  })

  it('tells how it is built where it is not', async (t) => {
    const { dir, remove } = makeTempDir()
    t.after(remove)
    const app = fastify()
    t.after(() => app.close())
    const { consoleAuth } = installation().capabilities
    await registerConsole(app, { directory: dir, auth: consoleAuth, clientAddress: () => undefined })
    const answer = (headers: Record<string, string>) => app.inject({ url: '/console/people', headers })
    assert.equal((await answer(JAPANESE)).statusCode, 503)
    assert.match(
      (await answer(JAPANESE)).body,
      /^管理画面のファイルがまだ作成されていません。.*npm run console:build/,
    )
    assert.match((await answer(ENGLISH)).body, /^The console is not built\./)
  })
})
