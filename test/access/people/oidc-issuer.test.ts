import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'
import { createIssuerCheck, WrongProvider } from '../../../src/access/people/oidc-issuer.ts'

const MORE = 256 * 1_024 + 1

describe('what an issuer says of itself', () => {
  it('is read where it has 262,144 bytes, and left where it goes on and on', async (t) => {
    let written = 0
    const hungUp = Promise.withResolvers<void>()
    const issuer = await provider(t, (request, response) => {
      if (!request.url?.startsWith('/endless/')) {
        const said = JSON.stringify({ issuer: new URL('/', `http://${request.headers.host}`).href })
        response.end(said.padEnd(MORE - 1))
        return
      }
      response.on('close', hungUp.resolve)
      const more = () => {
        for (let goesOn = true; goesOn && !response.destroyed; written += MORE) {
          goesOn = response.write(Buffer.alloc(MORE, ' '))
        }
      }
      response.on('drain', more)
      more()
    })
    await createIssuerCheck(issuer)()
    await assert.rejects(createIssuerCheck(`${issuer}/endless`)(), (error: Error) => {
      assert.ok(error instanceof WrongProvider)
      assert.match(String((error.cause as Error).message), /more than 262144 bytes/)
      return true
    })
    await hungUp.promise
    assert.ok(written > 0)
  })

  it('is measured as it unpacks', async (t) => {
    const packed = gzipSync(Buffer.alloc(100 * MORE, ' '))
    assert.ok(packed.length < MORE)
    const issuer = await provider(t, (_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed)
    })
    await assert.rejects(createIssuerCheck(issuer)(), (error: Error) =>
      /more than 262144 bytes/.test(String((error.cause as Error).message)),
    )
  })
})

async function provider(t: TestContext, answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
