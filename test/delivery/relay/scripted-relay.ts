import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import type { Lifetime } from '../../support/temp-dir.ts'

/** A server that says whatever a script tells it, in bytes, where a sound one could not. */
export interface ScriptedRelay {
  port: number
  /** The commands that it was sent, greeting to quit, the lines of messages left out. */
  commands: string[]
  /** What it was sent after each DATA, with the final dot. */
  messages: Buffer[]
  /** How many connections it ever had, and how many it has. */
  connections: { ever: number; now: number }
}

export type Said = string | null | false | undefined

/**
 * `answer` gets each command (`''` on connecting, `.` for the end of a message) with the number of its connection, from 1, and
 * answers what is sent, one character a byte; undefined is the ordinary answer, `null` none at all, and with `false` the
 * connection is cut.
 */
export async function startScriptedRelay(
  t: Lifetime,
  answer: (command: string, connection: number) => Said | Promise<Said>,
): Promise<ScriptedRelay> {
  const commands: string[] = []
  const messages: Buffer[] = []
  const connections = { ever: 0, now: 0 }
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    const number = ++connections.ever
    connections.now++
    // Answers to what comes together leave one by one here: Nagle would hold each back for 40 ms.
    socket.setNoDelay(true)
    socket
      .on('error', () => {})
      .on('close', () => {
        sockets.delete(socket)
        connections.now--
      })
    let received = ''
    let message = ''
    let inMessage = false
    const say = async (command: string, ordinary: string) => {
      const text = await answer(command, number)
      if (text === false) socket.destroy()
      if (text === false || text === null) return
      const said = text ?? ordinary
      inMessage = command === 'DATA' && said.startsWith('354')
      socket.write(Buffer.from(`${said}\r\n`, 'latin1'))
    }
    say('', '220 ready')
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
      for (let end = received.indexOf('\r\n'); end >= 0; end = received.indexOf('\r\n')) {
        const line = received.slice(0, end)
        received = received.slice(end + 2)
        if (inMessage) message += `${line}\r\n`
        if (inMessage && line !== '.') continue
        if (inMessage) messages.push(Buffer.from(message, 'latin1'))
        else commands.push(line)
        inMessage = false
        message = ''
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
  return { port: (server.address() as AddressInfo).port, commands, messages, connections }
}

function ordinaryAnswer(command: string): string {
  if (command.startsWith('EHLO')) return '250-ready\r\n250-8BITMIME\r\n250 SMTPUTF8'
  if (command === 'DATA') return '354 go on'
  return '250 OK'
}
