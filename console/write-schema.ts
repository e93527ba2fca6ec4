import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import Fastify from 'fastify'
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript'
import type { NativeParts } from '../src/dialects/native/parts.ts'
import { registerNativeApi } from '../src/dialects/native/routes.ts'

/*
 * Writes the types of every call from the native interface's own description: the console compiles against what the
 * server says about itself. The routes are registered and never called, so nothing real has to stand behind them.
 */

const FILE = fileURLToPath(new URL('src/api/schema.d.ts', import.meta.url))

const nothing: NativeParts = new Proxy({} as NativeParts, { get: () => nothing })
const app = Fastify()
await registerNativeApi(app, nothing)
await app.ready()
const { body } = await app.inject('/api/v1/openapi.json')
await app.close()
mkdirSync(new URL('src/api/', import.meta.url), { recursive: true })
writeFileSync(FILE, astToString(await openapiTS(JSON.parse(body) as OpenAPI3)))
