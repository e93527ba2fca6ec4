import type { FirstCredentials } from '../../access/first-start.ts'

/** What the composition root hands to the command line. */
export interface CliHost {
  env: NodeJS.ProcessEnv
  version: string
  /** Runs the server until a signal ends it. */
  serve(onStarted: (started: Started) => void): Promise<void>
  /**
   * Reaches the installation: the server that works in the data directory, or, when none does, the same application
   * in this process for as long as the command takes.
   */
  connect(): Promise<Connection>
}

/** What a server has to tell once it listens. */
export interface Started {
  /** Where the main listener is; undefined when this process runs none. */
  url: string | undefined
  /** Where mail is taken, as host:port; undefined when this process takes none. */
  smtp: { smtp: string; smtps?: string } | undefined
  /** What the links in mail begin with. */
  publicUrl: string
  /** Sentences for the operator. */
  warnings: readonly string[]
  /** Credentials made by the very first start, to be shown this once. */
  created: FirstCredentials | undefined
}

/** A way to the operator's interface. */
export interface Connection {
  url: string
  /** Bearer token of the operator. */
  token: string
  /** False when this process works on its own, which sends no mail. */
  serverRuns: boolean
  close(): Promise<void>
}
