import Fastify from 'fastify'

/** The least that a Fastify server can do with a one-click POST: read the body, answer 200. */
const app = Fastify()
app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
  done(null, body),
)
app.get('/healthz', async () => 'ok')
app.post('/', async () => 'ok')
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
process.once('SIGTERM', () => void app.close())
