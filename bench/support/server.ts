import { once } from 'node:events'
import { createWriteStream, openAsBlob } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Control, readControlFile } from '../../src/access/control-file.ts'
import { startChild } from './child.ts'
import type { Installation } from './installation.ts'
import { type Memory, memoryOf } from './memory.ts'

/** A running Kaijo, called as its operator. */
export interface Server {
  call(path: string, init?: RequestInit): Promise<Response>
  /** Writes the answer of a path to a file. */
  download(path: string, file: string): Promise<void>
  /**
   * Imports a CSV file into a list; answers the milliseconds from the first byte of the upload until the last row is
   * visible.
   */
  importFile(list: string, file: string, rows: number): Promise<number>
  memory: Memory
  stop(): Promise<void>
}

interface ImportView {
  state: string
  rows: { changed: number }
  error: string | null
}

const POLL_MS = 100
/** Work that a start still does after it answers must not count towards what is measured next. */
const SETTLING_MS = 3_000

export async function startServer(installation: Installation): Promise<Server> {
  const { env, serviceId } = installation
  const dataDir = env['KAIJO_DATA_DIR'] as string
  const isReady = async () => (await readControlFile(dataDir)) !== undefined
  const child = await startChild('src/main.ts', ['serve'], env, isReady)
  const control = (await readControlFile(dataDir)) as Control
  await sleep(SETTLING_MS)
  const url = (path: string) => `${control.url}/api/v1/services/${serviceId}${path}`
  const authorization = `Bearer ${control.token}`
  const call: Server['call'] = async (path, init) => {
    const response = await fetch(url(path), { ...init, headers: { ...init?.headers, authorization } })
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
    return response
  }
  return {
    call,
    // Not by `fetch`, which takes as long to read a million rows as the server takes to write them.
    download: async (path, file) => {
      const [response] = (await once(get(url(path), { headers: { authorization } }), 'response')) as [
        IncomingMessage,
      ]
      if (response.statusCode !== 200) throw new Error(`${path}: ${response.statusCode}`)
      await pipeline(response, createWriteStream(file))
    },
    importFile: async (list, file, rows) => {
      const body = await openAsBlob(file, { type: 'text/csv' })
      const query = new URLSearchParams({ list, action: 'add' })
      const started = performance.now()
      const answer = await call(`/imports?${query}`, { method: 'POST', body })
      const { id } = (await answer.json()) as { id: number }
      for (;;) {
        const view = (await (await call(`/imports/${id}`)).json()) as ImportView
        if (view.state === 'done' && view.rows.changed === rows) return performance.now() - started
        if (view.state === 'done' || view.error !== null)
          throw new Error(`import ${id}: ${JSON.stringify(view)}`)
        await sleep(POLL_MS)
      }
    },
    memory: memoryOf(child.process),
    stop: child.stop,
  }
}
