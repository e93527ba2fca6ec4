import { createSocket } from 'node:dgram'
import { setServers } from 'node:dns/promises'
import { once } from 'node:events'
import { syncBuiltinESMExports } from 'node:module'
import type { Lifetime } from './temp-dir.ts'

export interface DnsServer {
  /** What other processes of Node need in their environment to ask it. */
  env: NodeJS.ProcessEnv
  /** TXT records by name, each as the strings that it is made of; nothing exists but these. */
  zone: Map<string, string[]>
  /** Names for which it fails. */
  broken: Set<string>
  /** Has this process ask it from now on. */
  askedHere(): void
}

const [HEADER_BYTES, TXT, SERVFAIL, NXDOMAIN] = [12, 16, 2, 3]

/** A name server on loopback that knows TXT records (RFC 1035 §4). It ends with the test. */
export async function startDnsServer(t: Lifetime): Promise<DnsServer> {
  const zone = new Map<string, string[]>()
  const broken = new Set<string>()
  const socket = createSocket('udp4', (query, { port, address }) => {
    const { name, end } = readName(query)
    const isTxt = query.readUInt16BE(end) === TXT
    const strings = isTxt ? zone.get(name) : undefined
    const otherwise = broken.has(name) ? SERVFAIL : NXDOMAIN
    socket.send(answer(query.subarray(0, end + 4), strings, otherwise), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  t.after(async () => {
    socket.close()
  })
  const server = `127.0.0.1:${socket.address().port}`
  // Imports by name go on asking the servers from before, unless they are bound anew.
  const script = `
    import { setServers } from 'node:dns/promises'
    import { syncBuiltinESMExports } from 'node:module'
    setServers(['${server}'])
    syncBuiltinESMExports()`
  return {
    env: { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(script)}` },
    zone,
    broken,
    askedHere: () => {
      setServers([server])
      syncBuiltinESMExports()
    },
  }
}

/** The name that is asked for, and where it ends. */
function readName(query: Buffer): { name: string; end: number } {
  const labels: string[] = []
  let at = HEADER_BYTES
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 }
}

function answer(question: Buffer, strings: readonly string[] | undefined, otherwise: number): Buffer {
  const header = Buffer.from(question.subarray(0, HEADER_BYTES))
  header.writeUInt16BE(0x8580 | (strings ? 0 : otherwise), 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(strings ? 1 : 0, 6)
  header.writeUInt32BE(0, 8)
  const asked = question.subarray(HEADER_BYTES)
  if (!strings) return Buffer.concat([header, asked])
  const data = Buffer.concat(
    strings.map((text) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)])),
  )
  const record = Buffer.alloc(12)
  record.writeUInt16BE(0xc000 | HEADER_BYTES, 0)
  record.writeUInt16BE(TXT, 2)
  record.writeUInt16BE(1, 4)
  record.writeUInt16BE(data.length, 10)
  return Buffer.concat([header, asked, record, data])
}
