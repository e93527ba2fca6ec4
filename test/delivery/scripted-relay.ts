import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import type { Lifetime } from '../support/temp-dir.ts'

/** A server that says whatever a script tells it, in bytes, where a sound one could not. */
export interface ScriptedRelay {
  port: number
  /** The commands that it was sent, greeting to quit, the lines of messages left out. */
  commands: string[]
}

type Said = string | null | undefined

/**
 * `answer` gets each command (`''` on connecting, `.` for the end of a message) and answers what is sent, one character a
 * byte; undefined is the ordinary answer, `null` none at all.
 */
export async function startScriptedRelay(
  t: Lifetime,
  answer: (command: string) => Said | Promise<Said>,
): Promise<ScriptedRelay> {
  const commands: string[] = []
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    let received = ''
    let inMessage = false
    const say = async (command: string, ordinary: string) => {
      const text = await answer(command)
      if (text !== null) socket.write(Buffer.from(`${text ?? ordinary}\r\n`, 'latin1'))
    }
    say('', '220 ready')
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
      for (let end = received.indexOf('\r\n'); end >= 0; end = received.indexOf('\r\n')) {
        const line = received.slice(0, end)
        received = received.slice(end + 2)
        if (inMessage && line !== '.') continue
        inMessage = line === 'DATA'
        if (line !== '.') commands.push(line)
        say(line, ordinaryAnswer(line))
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, commands }
}

function ordinaryAnswer(command: string): string {
  if (command.startsWith('EHLO')) return '250-ready\r\n250-8BITMIME\r\n250 SMTPUTF8'
  if (command === 'DATA') return '354 go on'
  return '250 OK'
}
