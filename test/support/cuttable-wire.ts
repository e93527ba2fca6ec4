import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'
import type { Lifetime } from './temp-dir.ts'

export interface CuttableWire {
  /** Leads to where it was started for, while it is whole. */
  url: string
  /** Breaks every connection; no new one comes about until it is mended. */
  cut(): Promise<void>
  mend(): Promise<void>
}

/** A wire between a client and a server on loopback, byte for byte. It ends with the test. */
export async function startCuttableWire(t: Lifetime, to: string): Promise<CuttableWire> {
  const { hostname, port } = new URL(to)
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  }
  const server = createServer((client) => {
    const behind = connect(Number(port), hostname)
    keep(client)
    keep(behind)
    client.pipe(behind).pipe(client)
    client.on('close', () => behind.destroy())
    behind.on('close', () => client.destroy())
  })
  const listen = async (at: number) => {
    server.listen(at, '127.0.0.1')
    await once(server, 'listening')
  }
  const cut = async () => {
    const closed = server.listening ? once(server, 'close') : undefined
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  await listen(0)
  const own = (server.address() as AddressInfo).port
  t.after(cut)
  return { url: `http://127.0.0.1:${own}`, cut, mend: () => listen(own) }
}
