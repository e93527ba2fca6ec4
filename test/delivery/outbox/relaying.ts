import { type Installation, sharedInstallation } from '../../support/installation.ts'
import { type SmtpSink, startSmtpSink } from '../../support/smtp-sink.ts'

/** An installation with a worker, and the relay behind it that keeps what it is sent. */
export interface Relaying {
  installation: Installation
  sink: SmtpSink
}

/** One for all tests of a block. To be called in the block itself. */
export function sharedRelaying(engine: Parameters<typeof sharedInstallation>[0]): () => Relaying {
  let sink: SmtpSink
  const installation = sharedInstallation(engine, async (t) => {
    sink = await startSmtpSink()
    t.after(() => sink.close())
    return { serves: 'worker', env: { KAIJO_RELAY_URL: sink.url } }
  })
  return () => ({ installation: installation(), sink })
}
