import { after, before } from 'node:test'
import { type KaijoClient, kaijoClient } from '../../src/client/kaijo-client.ts'
import { type SomeKaijo, someKaijo } from '../nodemailer/some-kaijo.ts'
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts'
import type { Lifetime } from '../support/temp-dir.ts'

export interface SharedClient {
  kaijo: KaijoClient
  server: SomeKaijo
  sink: SmtpSink
}

/** A client of a Kaijo of its own, which sends into a sink; for all tests of a suite. */
export function sharedClient(): () => SharedClient {
  const endings: (() => Promise<void>)[] = []
  const life: Lifetime = { after: (end: () => Promise<void>) => void endings.push(end) }
  let shared: SharedClient | undefined
  before(async () => {
    const sink = await startSmtpSink()
    endings.push(() => sink.close())
    const server = await someKaijo(life, sink)
    shared = { kaijo: kaijoClient(server.options), server, sink }
  })
  after(async () => {
    for (const end of endings.reverse()) await end()
  })
  return () => shared as SharedClient
}
